package systemd

import (
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"
)

// syntax tells how a setting is split into words.
type syntax uint8

const (
	quotes  syntax = 1 << iota // quotes group characters and are removed
	escapes                    // C escapes are replaced
	slashes                    // backslashes are kept, with what follows them
)

// The syntax of settings. Without escapes and slashes a backslash is removed, and the character
// after it is ordinary.
const (
	execWords     = quotes | escapes // ExecStart=, Environment=
	installWords  = quotes | slashes // WantedBy=, Alias=
	unitWords     = slashes          // Wants=, Requires=
	alsoWords     = syntax(0)        // Also=
	mountForWords = quotes           // RequiresMountsFor=
)

var errQuote = errors.New("a quote is not closed")

// Split splits a value that allows quoting, such as that of Environment=, by the section QUOTING of
// systemd.syntax(7). An escape that is not in its table is kept as written, with its backslash, as
// in systemd. Specifiers ("%i") and variables are not replaced. For a quote that is not closed it
// returns an error and the words before it.
func Split(value string) ([]string, error) { return splitWords(value, execWords) }

// splitWords splits s into words.
func splitWords(s string, q syntax) ([]string, error) {
	var all []string
	for {
		w, rest, ok, err := cutWord(s, q)
		if err != nil || !ok {
			return all, err
		}
		all = append(all, w)
		s = rest
	}
}

// cutWord cuts the first word off s. It returns ok as false where there is none.
func cutWord(s string, q syntax) (word, rest string, ok bool, err error) {
	s = strings.TrimLeft(s, blanks)
	if s == "" {
		return "", "", false, nil
	}
	// Most words are as written.
	end := strings.IndexAny(s, blanks)
	if end < 0 {
		end = len(s)
	}
	if word := s[:end]; !strings.ContainsAny(word, `\"'`) {
		return word, s[end:], true, nil
	}
	var b strings.Builder
	var quote byte
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '\\':
			if i+1 == len(s) && q&(escapes|slashes) == 0 {
				return "", "", false, errors.New("a backslash at the end")
			}
			i += writeEscape(&b, s[i:], q) - 1
		case quote != 0 && c == quote:
			quote = 0
		case quote != 0:
			b.WriteByte(c)
		case (c == '"' || c == '\'') && q&quotes != 0:
			quote = c
		case strings.IndexByte(blanks, c) >= 0:
			return b.String(), s[i:], true, nil
		default:
			b.WriteByte(c)
		}
	}
	if quote != 0 {
		return "", "", false, errQuote
	}
	return b.String(), "", true, nil
}

// writeEscape writes what the backslash at the beginning of s and the text after it stand for. It
// returns how many bytes of s it used.
func writeEscape(b *strings.Builder, s string, q syntax) int {
	_, size := utf8.DecodeRuneInString(s[1:])
	if q&escapes != 0 {
		if n := writeCEscape(b, s[1:]); n > 0 {
			return 1 + n
		}
	}
	if q&(escapes|slashes) != 0 {
		b.WriteByte('\\')
	}
	b.WriteString(s[1 : 1+size])
	return 1 + size
}

const (
	escapeLetters = `abfnrtv\"'s`
	escapeBytes   = "\a\b\f\n\r\t\v\\\"' "
)

// writeCEscape writes what an escape of table 1 in systemd.syntax(7) stands for. It returns its
// length without the backslash, or 0 where s does not begin with an escape. NUL cannot be written.
func writeCEscape(b *strings.Builder, s string) int {
	if s == "" {
		return 0
	}
	if i := strings.IndexByte(escapeLetters, s[0]); i >= 0 {
		b.WriteByte(escapeBytes[i])
		return 1
	}
	switch s[0] {
	case 'x':
		return writeNumber(b, s, 1, 3, 16)
	case 'u':
		return writeNumber(b, s, 1, 5, 16)
	case 'U':
		return writeNumber(b, s, 1, 9, 16)
	}
	return writeNumber(b, s, 0, 3, 8)
}

// writeNumber writes the character whose number is in s[from:to]. It returns to, or 0 for no valid
// number.
func writeNumber(b *strings.Builder, s string, from, to, numeral int) int {
	if len(s) < to || strings.ContainsAny(s[from:to], "+-_") {
		return 0
	}
	n, err := strconv.ParseUint(s[from:to], numeral, 32)
	wide := to > 3
	switch {
	case err != nil || n == 0 || !wide && n > 0xff || n > utf8.MaxRune:
		return 0
	case !wide:
		b.WriteByte(byte(n))
	case utf8.ValidRune(rune(n)):
		b.WriteRune(rune(n))
	default: // half of a surrogate pair, which systemd encodes like any other number
		b.Write([]byte{0xe0 | byte(n>>12), 0x80 | byte(n>>6)&0x3f, 0x80 | byte(n)&0x3f})
	}
	return to
}
