"""Pipeline adapters: how each family of pipelines is called, and how its latents are decoded."""
