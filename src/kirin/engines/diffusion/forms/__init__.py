"""Forms: how each family of pipelines wants to be asked, and how its latents become pictures."""
