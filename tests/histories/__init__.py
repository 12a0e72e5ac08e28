"""Histories: what clients were told while everything broke, held against a model of one thread."""
