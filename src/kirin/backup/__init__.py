"""Backup and restore: the tables and every file that they refer to, in one archive.

The archive does not know which database or storage it comes from: what was saved from SQLite files
and a folder can be restored to PostgreSQL and a bucket, and back.
"""
