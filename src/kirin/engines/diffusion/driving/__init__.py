"""What a driving video gives to models that follow one: pictures of a pose, and of a face."""
