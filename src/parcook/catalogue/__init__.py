"""What people edit: ingredients in a tree, recipes, units, and the version of it all."""
