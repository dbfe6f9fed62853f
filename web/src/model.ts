// What the server answers, as docs/serve.md describes it.

export const KINDS = [
  "sister-city",
  "friendly-cooperation",
  "friendly-exchange",
  "letter-of-intent",
  "memorandum",
  "cooperation-agreement",
  "unspecified",
  "other",
] as const;
export type Kind = (typeof KINDS)[number];

export const STATUSES = ["signed", "established", "renewed", "planned", "terminated"] as const;
export type Status = (typeof STATUSES)[number] | "anniversary";

export interface Place {
  key: string;
  name: string;
  latin: string | null;
  country: string | null;
  level: string | null;
  province: string | null;
  lat: number | null;
  lon: number | null;
  guessed: boolean;
}

export interface Day {
  edtf: string;
  earliest: string | null;
  latest: string | null;
}

export interface Source {
  id: string;
  title: string | null;
  published: string | null;
  publisher: string | null;
  url: string | null;
  file: string | null;
  duplicate_of: string | null;
}

export interface Country {
  zh: string;
  en: string;
}

interface TieBase {
  id: string;
  kind: Kind;
  status: Status;
  date: string | null;
  year: number | null;
  articles: number;
  confidence: number;
  contradictions: string[];
}

export interface Ties {
  countries: Record<string, Country>;
  places: Place[];
  ties: (TieBase & { a: number; b: number })[];
  totals: { articles: number; claims: number; agreements: number; places: number };
  version: string;
}

// A tie with its places in it: what the views work with.
export interface Tie extends TieBase {
  a: Place;
  b: Place;
}

export interface Event {
  status: Status;
  kind: Kind;
  date: Day | null;
  basis: string | null;
  articles: number;
  claims: string[];
}

export interface CityTie extends TieBase {
  other: Place;
  instrument: string | null;
  events: Event[];
}

export interface City {
  place: Place;
  names: string[];
  parents: Place[];
  same_as: string[];
  ties: CityTie[];
  statistics: {
    countries: number | null;
    cities: number | null;
    pairs: number | null;
    kind: Kind | null;
    as_of: Day | null;
    quote: string;
    start: number;
    end: number;
    article: Source;
  }[];
  counted: { countries: number; cities: number; pairs: number };
  articles: { total: number; first: Source[] };
  merged_into: string | null;
}

export interface Claim {
  id: string;
  status: Status;
  kind: Kind;
  date: Day | null;
  basis: string | null;
  instrument: string | null;
  confidence: number;
  rule: string;
  start: number;
  end: number;
  quote: string;
  before: string;
  after: string;
  article: Source;
  signatories: string[];
  signed_at: string | null;
  occasion: string | null;
  mode: string | null;
  fields: string[];
}

export interface Agreement {
  id: string;
  a: Place;
  b: Place;
  kind: Kind;
  status: Status;
  date: Day | null;
  instrument: string | null;
  confidence: number;
  articles: number;
  contradictions: string[];
  events: Event[];
  claims: Claim[];
  others: { id: string; kind: Kind; status: Status; date: string | null; articles: number }[];
}

type Pair = [number, number];

export interface Party {
  name: string;
  country: string | null;
  place: string | null;
}

export interface Extracted {
  id: string;
  title: string | null;
  published: string | null;
  text: string;
  removed: { pinyin: number; repeats: number; boilerplate: number };
  countries: { code: string; mentions: Pair[] }[];
  places: {
    id: string;
    name: string;
    level: string | null;
    country: string | null;
    geonames: number | null;
    lat: number | null;
    lon: number | null;
    link: { geonames: number; name: string; score: number } | null;
    mentions: Pair[];
  }[];
  dates: { text: string; edtf: string; earliest: string | null; latest: string | null; basis: string; start: number; end: number }[];
  agreements: {
    id: string;
    agreement: string | null;
    a: Party;
    b: Party;
    kind: Kind;
    status: Status;
    date: { edtf: string; basis: string } | null;
    instrument: string | null;
    confidence: number;
    evidence: { start: number; end: number; quote: string; rule: string };
  }[];
  statistics: {
    subject: string;
    countries: number | null;
    cities: number | null;
    pairs: number | null;
    as_of: string | { edtf: string } | null;
    evidence: { start: number; end: number; quote: string; rule: string };
  }[];
  notes: { stage: string; why: string; text: string }[];
}

// What was taken out between `at` and `end`, or what stood there before it was changed.
export interface Noise {
  at: number;
  end: number;
  why: string;
  text: string;
  length: number;
}

export interface Article {
  article: Source;
  document: Extracted | null;
  claims: Omit<Claim, "article">[];
  noise: Noise[] | null;
  duplicates: Source[];
  duplicate_of: Source | null;
}

export interface Found {
  places: (Place & { ties: number })[];
  countries: (Country & { code: string; ties: number })[];
  articles: Source[];
}

export interface NamedQuery {
  name: string;
  title: string;
  answers: string;
  params: { name: string; type: string; about: string; required: boolean }[];
  text: string;
  example: Record<string, string>;
  form: string;
}
