// A gesture that changes a number of one point bit by bit, by keys or the wheel: answered live, undone in one step.

export class Gradual {
  constructor(board) {
    this.board = board;
    /** @type {string | null} */
    this.gesture = null; // what it is done with
    /** @type {number | null} */
    this.target = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.resting = undefined;
  }

  finish() {
    if (!this.gesture) return;
    const { board, target } = this;
    this.gesture = null;
    clearTimeout(this.resting);
    if (board.model.close()) board.changed(false);
    this.tell(target);
  }

  cancel() {
    if (!this.gesture) return false;
    this.gesture = null;
    clearTimeout(this.resting);
    this.board.model.cancel();
    this.board.changed(false);
    return true;
  }

  /** @param {number | null} i */
  tell(i) {
    throw new Error(`What is said of point ${i} stands in the class of the number.`);
  }
}
