package auditrules

import (
	"errors"
	"fmt"
	"strings"
)

// errUnsure is the error of a line if it is not known what auditctl makes of it.
var errUnsure = errors.New("not understood")

// maxLine is the size of the buffer in which auditctl reads a line.
const maxLine = 6143

// option is one option of a line.
type option struct {
	name  string // one letter, or a long name
	value string
}

// takesValue are the short options with a value, and flags are those without.
const (
	takesValue = "CebrafAdSFmRwWkpq"
	flags      = "hicslDvt"
)

// longOptions are the long options. Those with a value are true.
var longOptions = map[string]bool{"help": false, "loginuid-immutable": false, "backlog_wait_time": true,
	"reset-lost": false, "reset_backlog_wait_time_actual": false, "signal": true}

// parseOptions splits a line into options like auditctl: at blanks but not at tabs, and without any
// quoting except "\ " and "\\". A comment or a line of blanks has no options.
func parseOptions(line string) ([]option, error) {
	if len(line) >= maxLine {
		return nil, fmt.Errorf("longer than %d bytes: %w", maxLine-1, errUnsure)
	}
	if strings.IndexByte(line, 0) >= 0 {
		return nil, fmt.Errorf("a zero byte: %w", errUnsure)
	}
	words := splitWords(line)
	if len(words) == 0 || words[0][0] == '#' {
		return nil, nil
	}
	var all []option
	for len(words) > 0 {
		word := words[0]
		words = words[1:]
		var more []option
		var err error
		switch {
		case strings.HasPrefix(word, "--"):
			more, words, err = parseLong(word[2:], words)
		case len(word) > 1 && word[0] == '-':
			more, words, err = parseShort(word[1:], words)
		default:
			err = errors.New("a word without an option before it")
		}
		if err != nil {
			return nil, err
		}
		all = append(all, more...)
	}
	return all, nil
}

// splitWords splits a line at blanks that have no backslash before them.
func splitWords(line string) []string {
	var words []string
	var word []byte
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == '\\' && i+1 < len(line) && (line[i+1] == ' ' || line[i+1] == '\\') && len(words) > 0:
			i++
			word = append(word, line[i])
		case c != ' ':
			word = append(word, c)
		case len(word) > 0:
			words, word = append(words, string(word)), nil
		}
	}
	if len(word) > 0 {
		words = append(words, string(word))
	}
	return words
}

// parseLong reads a long option without its dashes, and returns the words after it and its value.
func parseLong(word string, rest []string) ([]option, []string, error) {
	name, value, has := strings.Cut(word, "=")
	takes, ok := longOptions[name]
	switch {
	case !ok:
		return nil, nil, fmt.Errorf("a long option: %w", errUnsure) // shortened, or of a later release
	case takes && !has && len(rest) == 0, !takes && has:
		return nil, nil, fmt.Errorf("--%s: a value too many or too few", name)
	case takes && !has:
		return []option{{name, rest[0]}}, rest[1:], nil
	}
	return []option{{name, value}}, rest, nil
}

// parseShort reads a word of options of one letter without its dash. The value of the last one is
// the rest of the word or the next word. It returns the words after that.
func parseShort(word string, rest []string) ([]option, []string, error) {
	var all []option
	for i := range len(word) {
		name := word[i : i+1]
		switch {
		case strings.Contains(flags, name):
			all = append(all, option{name, ""})
			continue
		case !strings.Contains(takesValue, name):
			return nil, nil, errors.New("no option that auditctl knows")
		case i+1 < len(word):
			return append(all, option{name, word[i+1:]}), rest, nil
		case len(rest) == 0:
			return nil, nil, fmt.Errorf("-%s without a value", name)
		}
		return append(all, option{name, rest[0]}), rest[1:], nil
	}
	return all, rest, nil
}
