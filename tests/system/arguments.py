"""What the tests were started with."""
import os
import sys

PROGRAM = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else ""
PACKAGE = os.path.abspath(sys.argv[2]) if len(sys.argv) > 2 else None
