// The SPARQL editor: CodeMirror with a small grammar of ours, in a file of its own that
// comes with the first query. It lives in a shadow root, where it may bring its own style
// without the page allowing any style that is not in its files.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap, type Completion, type CompletionContext, type CompletionResult } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, StreamLanguage, syntaxHighlighting, type StreamParser } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

export interface Term {
  name: string;
  about: string;
}

export interface Editor {
  text(): string;
  put(text: string): void;
  focus(): void;
}

const KEYWORDS =
  "ASK ASC AS BASE BIND BY CONSTRUCT DESC DESCRIBE DISTINCT EXISTS FILTER FROM GRAPH GROUP HAVING IN LIMIT MINUS NAMED NOT OFFSET OPTIONAL ORDER PREFIX REDUCED SELECT SERVICE UNDEF UNION VALUES WHERE a true false";
const FUNCTIONS =
  "ABS AVG BNODE BOUND CEIL COALESCE CONCAT CONTAINS COUNT DATATYPE DAY ENCODE_FOR_URI FLOOR GROUP_CONCAT HOURS IF IRI ISBLANK ISIRI ISLITERAL ISNUMERIC LANG LANGMATCHES LCASE MAX MIN MINUTES MONTH NOW RAND REGEX REPLACE ROUND SAMETERM SAMPLE SECONDS STR STRAFTER STRBEFORE STRDT STRENDS STRLANG STRLEN STRSTARTS SUBSTR SUM TIMEZONE UCASE URI UUID YEAR";
const keywords = new Set(KEYWORDS.split(" "));
const functions = new Set(FUNCTIONS.split(" "));

const grammar: StreamParser<{ long: string | null }> = {
  startState: () => ({ long: null }),
  token(stream, state) {
    if (state.long) {
      const end = stream.string.indexOf(state.long, stream.pos);
      if (end < 0) stream.skipToEnd();
      else {
        stream.pos = end + 3;
        state.long = null;
      }
      return "string";
    }
    if (stream.eatSpace()) return null;
    if (stream.match(/^#.*/)) return "comment";
    if (stream.match(/^("""|''')/)) {
      state.long = stream.current();
      return "string";
    }
    if (stream.match(/^"(?:[^"\\\n]|\\.)*"?|^'(?:[^'\\\n]|\\.)*'?/)) return "string";
    if (stream.match(/^<[^<>"{}|^`\\\s]*>/)) return "link";
    if (stream.match(/^[?$][\p{L}\p{N}_]+/u)) return "variableName";
    if (stream.match(/^@[a-zA-Z]+(-[a-zA-Z0-9]+)*/)) return "meta";
    if (stream.match(/^[\p{L}][\p{L}\p{N}_.-]*:[\p{L}\p{N}_.:%-]*|^:[\p{L}\p{N}_.%-]+/u)) return "propertyName";
    if (stream.match(/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?/)) return "number";
    if (stream.match(/^[A-Za-z_]+/)) {
      const word = stream.current();
      if (keywords.has(word.toUpperCase()) || keywords.has(word)) return "keyword";
      return functions.has(word.toUpperCase()) ? "function" : null;
    }
    stream.next();
    return "punctuation";
  },
  tokenTable: { function: tags.function(tags.variableName) },
  languageData: { commentTokens: { line: "#" }, closeBrackets: { brackets: ["(", "[", "{", '"', "'"] } },
};

const look = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--code-keyword)", fontWeight: "600" },
  { tag: tags.function(tags.variableName), color: "var(--code-function)" },
  { tag: tags.variableName, color: "var(--code-variable)" },
  { tag: tags.propertyName, color: "var(--code-name)" },
  { tag: tags.link, color: "var(--code-name)" },
  { tag: tags.string, color: "var(--code-string)" },
  { tag: [tags.number, tags.meta], color: "var(--code-number)" },
  { tag: tags.comment, color: "var(--faint)", fontStyle: "italic" },
]);

const theme = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "var(--card)", fontSize: "14px", maxHeight: "28rem" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.6", overflow: "auto" },
  ".cm-content": { minHeight: "11rem", caretColor: "var(--ink)", padding: "8px 0" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-gutters": { backgroundColor: "var(--sunk)", color: "var(--faint)", border: "none" },
  "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "-2px" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { background: "var(--accent-soft)" },
  ".cm-tooltip": { backgroundColor: "var(--card)", border: "1px solid var(--rule)", color: "var(--ink)" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": { background: "var(--accent-soft)", color: "var(--ink)" },
  ".cm-completionDetail": { fontStyle: "normal", color: "var(--faint)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--mark-claim)" },
});

export function edit(parent: HTMLElement, options: { text: string; label: string; terms: () => Promise<Term[]>; run: () => void; changed: () => void }): Editor {
  const root = parent.attachShadow({ mode: "open" });
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: options.text,
      extensions: [
        lineNumbers(),
        history(),
        drawSelection(),
        EditorView.lineWrapping,
        bracketMatching(),
        closeBrackets(),
        autocompletion({ override: [(context) => complete(context, options.terms)] }),
        StreamLanguage.define(grammar),
        syntaxHighlighting(look),
        theme,
        // Escape, then Tab, leaves the editor: CodeMirror sees to that.
        keymap.of([{ key: "Mod-Enter", run: () => (options.run(), true) }, ...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap, indentWithTab]),
        EditorView.domEventHandlers({ beforeinput: typeOver }),
        EditorView.contentAttributes.of({ "aria-label": options.label, tabindex: "0" }),
        EditorView.updateListener.of((update) => update.docChanged && options.changed()),
      ],
    }),
  });
  return {
    text: () => view.state.doc.toString(),
    put: (text) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text }, selection: { anchor: 0 } }),
    focus: () => view.focus(),
  };
}

// What is typed over a selection. Left to the browser, that joins lines by giving them a
// style attribute, which the page does not allow.
function typeOver(event: InputEvent, view: EditorView): boolean {
  const { main } = view.state.selection;
  const text = event.data;
  if (event.inputType !== "insertText" || !text || main.empty || view.composing) return false;
  const plain = () => view.state.update(view.state.replaceSelection(text), { userEvent: "input.type", scrollIntoView: true });
  const handled = view.state.facet(EditorView.inputHandler).some((handler) => handler(view, main.from, main.to, text, plain));
  if (!handled) view.dispatch(plain());
  event.preventDefault();
  return true;
}

async function complete(context: CompletionContext, terms: () => Promise<Term[]>): Promise<CompletionResult | null> {
  const word = context.matchBefore(/[?$]?[\p{L}\p{N}_:-]+/u);
  if (!word && !context.explicit) return null;
  const from = word?.from ?? context.pos;
  if (word?.text.startsWith("?") || word?.text.startsWith("$")) {
    const all = new Set(context.state.doc.toString().match(/[?$][\p{L}\p{N}_]+/gu) ?? []);
    all.delete(word.text);
    return { from, options: [...all].map((label) => ({ label, type: "variable" })), validFor: /^[?$][\p{L}\p{N}_]*$/u };
  }
  const known = await terms().catch((): Term[] => []);
  const options: Completion[] = [
    ...known.map(({ name, about }) => ({ label: name, detail: about, type: "property" })),
    ...KEYWORDS.split(" ").filter((each) => each.length > 1).map((label) => ({ label, type: "keyword" })),
    ...FUNCTIONS.split(" ").map((label) => ({ label, type: "function" })),
  ];
  return { from, options, validFor: /^[\p{L}\p{N}_:-]*$/u };
}
