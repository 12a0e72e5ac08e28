"""Prompts: text in English or Chinese, read for camera, place, light, weather and sound."""
