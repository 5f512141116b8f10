"""What `make test-fast` leaves out: files, and single tests, that take two thirds of all the time."""

SLOW = (
    "test_agreement.py",
    "test_any_dimension.py",
    "test_branch_and_bound.py",
    "test_contributing.py",
    "test_descent.py",
    "test_edges.py::test_every_point_with_a_near_twin",
    "test_highs.py",
    "test_no_false_certificate.py",
    "test_plane_page.py",
    "test_plane_theory.py",
    "test_polish.py",
    "test_proof_check.py",
    "test_race_lesson.py",
    "test_relaxation.py",
    "test_scikit_learn_classifier.py",
    "test_scikit_learn_logistic.py",
    "test_scikit_learn_regressor.py",
    "test_sliding.py",
    "test_typing.py",
    "test_vector_solve.py",
)
