"""A talk: scenes in their order, the dialog that builds it, the stage that shows it, the hand-out."""
