// Asks the browser's checker: reads a JSON list of questions and prints the list of answers.
//   {document}           -> {verdict, …} and, where there are any, the exact bounds as {n, e, d} in words
//   {answer}             -> what the worker makes of an answer
//   {call, args: [...]}  -> an exported function; exact numbers go in as [n, e, d] and come out so
import { readFileSync } from "node:fs";

import * as check from "../../convexviz/app/components/badge/proof_check.js";
import * as worker from "../../convexviz/app/components/badge/proof_worker.js";

const checker = { ...check, ...worker };

const inWords = ({ n, e, d }) => [String(n), e, String(d)];
const isExact = (value) => Array.isArray(value) && value.length === 3;
const into = (value) => (isExact(value) ? { n: BigInt(value[0]), e: value[1], d: BigInt(value[2]) } : value);
const out = (value) => (typeof value === "object" ? inWords(value) : value);

function boundsOf(document) {
  try {
    return Object.fromEntries(Object.entries(checker.bounds(document)).map(([name, value]) => [name, inWords(value)]));
  } catch {
    return null; // the verdict says why
  }
}

function reply({ document, answer, call, args }) {
  if (call) return out(checker[call](...args.map(into)));
  if (answer) return checker.prove(answer);
  return { ...checker.verdict(document), bounds: boundsOf(document) };
}

const questions = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(questions.map(reply)));
