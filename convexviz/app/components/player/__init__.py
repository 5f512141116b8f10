"""What plays on a page: the film of a solver's rounds and the β slider over a path solved in advance."""
