"""Media: ingest, decoding, encoding of pictures and videos; the only room that uses PyAV."""
