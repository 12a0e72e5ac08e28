"""Cinemagraphs: a still picture of which some parts move, under any camera."""
