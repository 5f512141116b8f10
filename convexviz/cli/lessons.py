"""`figure`, `film` and `page`: what a lesson shows, as files."""
