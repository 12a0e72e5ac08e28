"""Few-step LoRAs, one file each; :mod:`kirin.engines.diffusion.registry` finds them."""
