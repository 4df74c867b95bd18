/** Tells, from its name and text, whether a document is worth a review. Cheap: only its beginning is looked at. */

const LOOKED_AT = 200_000;
const NAMES = /\.(patch|diff|eml|mbox|txt|mail|rej)$/i;

/** A unified diff's hunk header or file header, also quoted (`> `) or with its leading whitespace eaten. */
const HUNK = /^[> \t]*@@+ -\d+(,\d+)? \+\d+(,\d+)? @@/m;
const FILES = /^[> \t]*(--- (a\/|\/dev\/null|[\w./-]+\.[chS]\b)[^\n]*\r?\n[> \t]*\+\+\+ |diff --(git|cc|combined) )/m;
/** A diff that an archive flattened onto one line. */
const FLATTENED = /(^|\s)(diff --git a\/\S+ b\/|--- a\/\S+\s+\+\+\+ b\/)/;
/** A mail in which an encoded body may hide the patch. */
const PATCH_MAIL = /^Subject:[^\n]*(\[[^\]\n]*(PATCH|RFC)|\bRe: \[)/im;
const ENCODED = /^Content-Transfer-Encoding:\s*(base64|quoted-printable)/im;

/** The text holds a diff, or is a mail that says it does. */
export function looksLikePatch(text: string): boolean {
	const start = text.slice(0, LOOKED_AT);
	return HUNK.test(start) || FILES.test(start) || FLATTENED.test(start) || (PATCH_MAIL.test(start) && ENCODED.test(start));
}

/** A document that is reviewed without being asked for. */
export function isReviewedByItself(document: { readonly languageId: string; readonly fileName: string; getText(): string }): boolean {
	if (document.languageId !== 'diff' && document.languageId !== 'patch' && !NAMES.test(document.fileName)) return false;
	return looksLikePatch(document.getText());
}
