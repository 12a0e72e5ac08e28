"""The dialect of Veo in the Gemini API, which Google's SDK and many programs speak."""
