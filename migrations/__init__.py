"""The numbered revisions of the database, from the legacy table of customers on.

Nothing here imports the service or its models: a revision means tomorrow what it meant on the day it was written.
"""
