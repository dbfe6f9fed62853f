// Tables for other programs: RFC 4180, with a mark so that Excel reads UTF-8.

export type Cell = string | number | null | undefined;

function cell(value: Cell): string {
  const text = value === null || value === undefined ? "" : String(value);
  // A formula in a name of an article is text, not a formula.
  const safe = typeof value === "string" && /^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}

export function csv(header: string[], rows: Cell[][]): string {
  return [header, ...rows].map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
}

export function download(name: string, type: string, content: string | Blob): void {
  const blob = typeof content === "string" ? new Blob([type === "text/csv" ? "\ufeff" : "", content], { type: `${type};charset=utf-8` }) : content;
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
