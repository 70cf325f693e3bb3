#!/bin/sh
# Argo CD's repository server asks a program of this name for the signature of a commit. None here is signed, which
# git says with 1; anything else is an error.
git verify-commit "$1" 2>&1 || [ "$?" -eq 1 ]
