// The messages between Python and the browser, under the names they have in Python.

export type Status = "certified" | "upper-bound" | "infeasible" | "error" | "empty";
export type Real = number | "inf" | "-inf" | "nan"; // JSON has no infinities
export type Mode = "regression" | "line-classes" | "plane" | "plane-values" | "plane-points";
export type Range = [number, number];
export type Point = number[]; // x, y, a class or a value, and a weight where it is not 1

export type Flat = Float64Array | Float32Array | Int32Array | Uint32Array | Int16Array | Uint16Array | Int8Array
  | Uint8Array | Uint8ClampedArray;

/** An array in base64; `shape` is "rows, columns" where it has more than one dimension. */
export interface TypedArray { dtype: string; bdata: string; shape?: string }
export type Numbers = TypedArray | (number | null)[];

// ---------------------------------------------------------------- networks

export interface LineNetwork { dim?: undefined; u: number[]; b: number[]; w: number[]; c: number; dual?: undefined }
export interface DualVector { v: Numbers; beta: number; x?: Numbers }
export interface PlaneNetwork { dim: 2; u: Numbers; b: Numbers; w: Numbers; c: number; dual?: DualVector }
export type Network = LineNetwork | PlaneNetwork;

// ---------------------------------------------------------------- the certificate

/** The numbers of a loss of the residual with limited slopes. */
export interface Family { curvature: number; low: number; high: number }

export interface Proof {
  X: Numbers; y: Numbers; U: Numbers; b: Numbers; w: Numbers; center: Numbers; v: Numbers;
  loss: string; bias: boolean; beta: number; c: number; tol: number; n: number; d: number;
  shown: { upper: number; lower: number }; family?: Family; constant?: number; weight?: Numbers;
}

export interface Certificate {
  status: Status; message?: string; objective?: Real; lower_bound?: Real; gap?: Real; neurons?: number; seconds?: Real;
  method?: string; loss?: string; beta?: Real; unique?: boolean | null; proof?: Proof | "later";
  bare?: boolean;
}

export interface BadgeMessage extends Certificate { key: string; seq: number }

// ---------------------------------------------------------------- charts, paths and films

export type Trace = Record<string, any>; // of plotly
export type Layout = Record<string, any>;
export interface Spec { data: Trace[]; layout: Layout }
/** What a frame changes in a figure: each update carries the uid of its trace. */
export type Changes = Trace[] | { data: Trace[]; layout?: Layout };

export interface ChartMessage {
  key: string; seq: number; layout: "grid" | "stack"; plotly_url: string; network: Network | null;
  figures: Record<string, string>; // JSON of Spec
}

export interface Frame { beta: number; network: Network | null; badge: Certificate; figures: Record<string, Changes> }
export interface FilmFrame extends Frame { caption: string; round: number; curves?: Curve[]; support?: number[] }

export interface SliderMessage {
  key: string; seq: number; beta: number | null; beta_max: number | null; beta_min: number | null; beta_end: number | null;
  path_rev: string | null; rev: number; live: boolean; disabled: boolean; note: string;
}

export interface PathMessage {
  key: string; path_rev: string | null; frames: string | null; complete: boolean; done: number;
}

export interface FilmParcel { rev: string }
export interface FilmMessage extends FilmParcel {
  key: string; frames: string | null; title: string; caption: string; waiting: string; unit: string; speeds: number[];
  asked: number;
}

// ---------------------------------------------------------------- the guide

export interface GuideMessage {
  key: string; seq: number; scene: string; figure: string; challenge: string; done: boolean; reward: string;
}

// ---------------------------------------------------------------- the dual by hand

export interface Reading { f: number[]; penalty: number; loss: number | null; objective: number | null }
export interface DualMessage {
  part: "handles" | "bounds" | "worked"; x: number[]; y: number[]; v: number[]; loss: string; band: number;
  free: boolean; own: Reading; best: number | null; solved: boolean; baseline: number; rev: number; span: Range;
  reach: number; top: number;
}
export interface DualRequest { v: number[]; rev: number; best: number[] | null }

export interface KeeperMessage {
  key: string; seq: number; page: string; session: string; query: string; fresh: boolean; brought: boolean; told: number;
  embedded: boolean;
}

export interface TalkWay { lesson: string; query: Record<string, string>; seq: number }
export interface TalkMessage {
  on: boolean; at: number; lessons: string[]; sentence: string; theme: "" | "light" | "dark"; problem: string;
  go: TalkWay | null;
}
export interface TalkRequest { ask: "begin" | "again" }
export interface TalkListMessage { opened: number; text: string | null }
export interface PreviewMessage { address: string; width: number; height: number }

// ---------------------------------------------------------------- the board

export interface Curve {
  id?: string; label?: string; x: (number | null)[]; y: (number | null)[]; color?: string; dash?: string | null;
  width?: number; closed?: boolean; fill?: boolean; opacity?: number;
}
export interface Mark {
  id: string; label: string; x: number; y: number; color: string; shape?: string; size?: number; text?: string;
}
export interface Band {
  id: string; label: string; x: number[]; lo: number[]; hi: number[]; color: string; dash?: string; width?: number;
}
export interface Field {
  id: string; label: string; color: string; dash?: string; width?: number; nx: number; ny: number; x?: Range; y?: Range;
  z: Numbers;
}

export interface BoardAnswer {
  gen?: number; rev?: number; network?: Network | null; status?: Status; note?: string; label?: string;
  regions?: boolean; margins?: boolean; lines?: boolean; arrows?: boolean; curves?: Curve[]; bands?: Band[];
  marks?: Mark[]; fields?: Field[]; ghost?: { network: PlaneNetwork; label: string }; support?: number[];
  names?: string[]; chosen?: number; chosen_label?: string;
}

export interface Window { x: Range; y: Range; z?: Range | null }

export interface BoardMessage {
  id: string; mode: Mode; axes: string[]; max_points: number; height: number; equal: boolean; fixed: boolean;
  tools: boolean; pickable: boolean; dates: boolean[]; weighted?: true; gen: number; rev: number; x: number[]; y: number[];
  labels: number[] | null; values: number[] | null; weights?: number[]; refused: { rev: number; reason: string } | null;
  view: Window; answer: BoardAnswer | null;
  parcels: Record<string, BadgeMessage | ChartMessage | SliderMessage | FilmParcel | GuideMessage | KeeperMessage>;
}

export interface PointsMessage {
  id: string; gen: number; rev: number; live: boolean; points: number[][]; labels?: number[] | null; values?: number[];
  weights?: number[];
}

// ---------------------------------------------------------------- the gallery, and how Streamlit mounts a component

export interface Card { name: string; title: string; description: string; svg: string }
export interface GalleryMessage { cards: Card[]; chosen: string | null }

export interface FollowerMessage { key: string; rev: string; seq: number }

export interface MakingMessage { share: number; words: string; seen: number }

export interface TakeawayButton { name: string; label: string; help: string }
export interface TakeawayMessage { buttons: TakeawayButton[] }

export interface ExporterMessage {
  figure: string; form: "svg" | "png"; name: string; width: number; height: number; scale: number; plotly_url: string;
}

export interface Mounting<Data> {
  data: Data; parentElement: HTMLElement;
  setStateValue(name: string, value: unknown): void;
  setTriggerValue(name: string, value: unknown): void;
}

declare global {
  var __convexvizBus: import("./web/bus.js").Bus | undefined;
  var __convexvizBoards: Map<string, any> | undefined;
  var __convexvizPlotly: Promise<any> | undefined;
  var __convexvizFiles: Record<string, string>; // of a page to take home: its modules by path
  var Plotly: any;
}
