"""Media: intake, decoding, encoding. Functions over files; the only user of PyAV."""
