"""What a prompt says, in English and in Chinese: cues for the camera and their context."""
