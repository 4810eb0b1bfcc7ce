"""Doors for AWS Lambda over the services and jobs that the server and the command line use too."""
