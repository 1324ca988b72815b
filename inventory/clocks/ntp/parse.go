package ntp

import (
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/inventory"
)

// Parse returns the sources in the text of a file, and the files that it includes. The Name of each
// is its directive, and the Source is left empty. A source with the option noselect is left out,
// since the clock does not follow it, and so is the local clock, 127.127.1.x. A line that would name
// a source and that daemons may read otherwise is an error. Too many lines are [inventory.ErrLimit].
func Parse(b []byte) (sources, includes []inventory.Setting, err error) {
	l, err := parse(b, "", new(budget.Budget))
	if err != nil {
		return nil, nil, fmt.Errorf("line %w", err)
	}
	return l.sources, l.includes, nil
}

// directives are those that name a source, by daemon; without one, of all.
var directives = map[string][]string{
	Org:   {"server", "pool", "peer", "manycastclient"},
	Sec:   {"server", "pool", "peer", "refclock"},
	OpenD: {"server", "servers", "sensor"},
	"":    {"server", "servers", "pool", "peer", "manycastclient", "refclock", "sensor"},
}

// undoing are directives that take back what is before them, or end the file.
var undoing = []string{"unpeer", "unconfig", "end"}

var (
	errWord   = errors.New("a line that the daemons may read otherwise")
	errUndo   = errors.New("what it takes back is not known here")
	errOption = errors.New("an option that the daemon refuses, or may read otherwise")
)

// parse is Parse for one daemon, within a budget.
func parse(b []byte, daemon string, limit *budget.Budget) (l lines, err error) {
	n, take := 0, l.take
	if daemon == OpenD {
		take = l.takeOpen
	}
	for text := range strings.Lines(string(b)) {
		n++
		if err := take(text, daemon, n, limit); err != nil {
			return lines{}, fmt.Errorf("%d: %w", n, err)
		}
	}
	return l, nil
}

// maxWord is the longest word that ntpd of NTPsec reads. It reads nothing behind a longer one.
const maxWord = 1000

// take takes a line.
func (l *lines) take(text, daemon string, n int, limit *budget.Budget) error {
	text, _, _ = strings.Cut(text, "#")
	if strings.ContainsFunc(text, func(r rune) bool { return r >= 0x80 }) {
		return errWord // ntpd drops such bytes
	}
	words := strings.FieldsFunc(text, isBlank)
	if len(words) == 0 {
		return nil
	}
	if slices.ContainsFunc(words, func(w string) bool { return len(w) > maxWord }) {
		return errWord
	}
	// What is not a letter may end the word for the daemon.
	name := words[0]
	if i := strings.IndexFunc(name, func(r rune) bool { return r < 'a' || r > 'z' }); i >= 0 {
		name = name[:i]
	}
	known := name == "includefile" || slices.Contains(undoing, name) || slices.Contains(directives[daemon], name)
	switch {
	case !known:
		return nil
	case name != words[0]:
		return errWord
	case slices.Contains(undoing, name):
		return errUndo
	case len(words) == 1:
		return nil
	}
	if err := limit.Items(1); err != nil {
		return err
	}
	v := inventory.Setting{Name: name, Position: inventory.Position{Line: n}}
	if name == "includefile" {
		var ok bool
		if v.Value, ok = unquote(words[1]); !ok {
			return errWord
		}
		l.includes = append(l.includes, v)
		return nil
	}
	return l.takeSource(v, words[1:])
}

// takeSource takes a line that names a source.
func (l *lines) takeSource(v inventory.Setting, args []string) error {
	if len(args) > 1 && (args[0] == "-4" || args[0] == "-6") && v.Name != "refclock" {
		args = args[1:]
	}
	var err error
	if v.Value, err = findName(v.Name, args[0]); err != nil {
		return err
	}
	noselect, err := readOptions(args[1:])
	switch {
	case err != nil:
		return err
	case strings.HasPrefix(v.Value, "127.127.1.") || v.Value == "local":
	case noselect:
		l.barred = append(l.barred, v.Value)
	default:
		l.sources = append(l.sources, v)
	}
	return nil
}

// unquote returns a word without the quotes around it. It returns false for a quote anywhere else.
func unquote(word string) (string, bool) {
	if len(word) >= 2 && word[0] == '"' && word[len(word)-1] == '"' {
		word = word[1 : len(word)-1]
	}
	return word, !strings.Contains(word, `"`)
}

var (
	serverName = regexp.MustCompile(`^[A-Za-z0-9_:%.][A-Za-z0-9_:%./-]*$`)
	// drivers are those that ntpd --help of ntpsec 1.2.2+dfsg1-1+deb12u1 lists.
	drivers = strings.Fields("local spectracom generic arbiter nmea pps hpgps shm trimble jjy zyfer")
)

// findName returns the name of a source. One that is no name of a host, no address and no driver is an error.
func findName(directive, word string) (string, error) {
	if directive == "refclock" {
		if !slices.Contains(drivers, word) {
			return "", errWord
		}
		return word, nil
	}
	name, ok := unquote(word)
	if inner, isBracket := strings.CutPrefix(name, "["); isBracket {
		inner, ok = strings.CutSuffix(inner, "]")
		_, err := netip.ParseAddr(inner)
		name, ok = inner, ok && err == nil
	}
	if !ok || !serverName.MatchString(name) {
		return "", errWord
	}
	return name, nil
}

// The options of a source: those alone, those with a number, and those with a word.
var (
	flags   = strings.Fields("burst iburst noselect preempt prefer true nts noval")
	numbers = strings.Fields("minpoll maxpoll version key mode ttl unit subtype stratum baud")
	words   = strings.Fields("ask ca cert aead refid path ppspath time1 time2 flag1 flag2 flag3 flag4 bias holdover")
	number  = regexp.MustCompile(`^[0-9]{1,9}$`)
)

// readOptions reports whether the options of a source have noselect. The daemon takes them up to the first word
// that is none. A value that is not one is an error, and so is noselect behind a word that is not known here.
func readOptions(args []string) (noselect bool, err error) {
	for i := 0; i < len(args); i++ {
		switch w := args[i]; {
		case strings.ContainsAny(w, `=(){},;|:`):
			return false, errOption
		case slices.Contains(flags, w):
			noselect = noselect || w == "noselect"
		case slices.Contains(numbers, w):
			if i++; i == len(args) || !number.MatchString(args[i]) {
				return false, errOption
			}
		case slices.Contains(words, w):
			if i++; i == len(args) || strings.ContainsAny(args[i], `"=(){},;|`) {
				return false, errOption
			}
		case slices.Contains(args[i:], "noselect"):
			return false, errOption
		default:
			return noselect, nil
		}
	}
	return noselect, nil
}

// isBlank reports whether a character stands between words, as isspace(3) has it.
func isBlank(r rune) bool { return r == ' ' || '\t' <= r && r <= '\r' }
