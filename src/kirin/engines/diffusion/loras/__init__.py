"""Few-step LoRAs, one file each, which defines its specification as ``LORA``."""
