"""The books: what one stage says it passed on against what the next says it received."""
