package apt

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/internal/mistakes"
	"github.com/hardening-sdk/hardening/inventory"
)

// Source is one entry of sources.list(5): a place that packages come from.
type Source struct {
	inventory.Position // where the entry begins

	Types      []string // deb, deb-src
	URIs       []string
	Suites     []string
	Components []string
	Disabled   bool              // the entry has Enabled: no
	Options    map[string]string // by names in lower case, such as trusted, signed-by, allow-insecure
}

// Option reports whether an option of yes and no is yes. An option that is not given is no.
func (s Source) Option(name string) bool {
	switch v := strings.ToLower(s.Options[name]); v {
	case "yes", "true", "with", "on", "enable":
		return true
	default:
		n, err := strconv.Atoi(v)
		return err == nil && n != 0
	}
}

// Sources returns the entries of etc/apt/sources.list and of the files *.list and *.sources in
// etc/apt/sources.list.d, in the order in which APT reads them, disabled entries included. A
// configuration that names other folders is [inventory.ErrUnavailable]. Without etc/apt the error
// is [inventory.ErrAbsent].
var Sources = inventory.NewFact("sources.list", collectSources)

func collectSources(ctx context.Context, s *inventory.System) ([]Source, error) {
	c, err := Fact.Of(ctx, s)
	if err != nil {
		return nil, err
	}
	if err := c.checkFolders("Dir::Etc::SourceList", "Dir::Etc::SourceParts"); err != nil {
		return nil, err
	}
	const one = "etc/apt/sources.list"
	names, err := listParts(ctx, s, "etc/apt/sources.list.d", ".list", ".sources")
	if err != nil {
		return nil, err
	}
	all := []Source{}
	var limit budget.Budget // of all files together
	for _, name := range append([]string{one}, names...) {
		some, err := inventory.ParseFile(ctx, s, name, func(b []byte) ([]Source, error) {
			if strings.HasSuffix(name, ".sources") {
				return parseDeb822(b, &limit)
			}
			return parseSources(b, &limit)
		})
		if inventory.IsAbsent(err, name) { // a dangling link, or sources.list does not exist
			continue
		}
		if err != nil {
			return nil, err
		}
		for i := range some {
			some[i].Source = name
		}
		all = append(all, some...)
	}
	return all, nil
}

// ParseSources reads the format with one entry per line. What APT refuses is an error.
func ParseSources(b []byte) ([]Source, error) { return parseSources(b, new(budget.Budget)) }

// parseSources is ParseSources within a budget.
func parseSources(b []byte, limit *budget.Budget) ([]Source, error) {
	var all []Source
	var errs mistakes.List
	line := 0
	for text := range strings.SplitSeq(string(b), "\n") {
		line++
		text = stripComment(strings.TrimSuffix(text, "\r"))
		if strings.ContainsFunc(text, isSpecial) {
			errs.Addf("line %d: a special character", line)
			continue
		}
		if text = trimSpace(text); text == "" {
			continue
		}
		if err := limit.Items(1 + countWords(text)); err != nil {
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
		src, err := parseEntry(text)
		if err != nil {
			errs.Addf("line %d: %w", line, err)
			continue
		}
		src.Line = line
		all = append(all, src)
	}
	if err := errs.Err(); err != nil {
		return nil, err
	}
	return all, nil
}

// scheme begins an address: the name of a method, in lower case.
var scheme = regexp.MustCompile(`^[a-z][a-z0-9+.-]*:`)

// isNo reports whether APT takes a value for no. Any other leaves an entry enabled.
func isNo(value string) bool {
	return slices.Contains([]string{"0", "no", "false", "without", "off", "disable"}, strings.ToLower(value))
}

// isSpecial reports whether a character is none that people write in sources.
func isSpecial(r rune) bool {
	return r < ' ' && r != '\t' || r == 0x7f || r == '\u00a0' || r == '\ufeff' || r == utf8.RuneError
}

// countWords counts the words of a text.
func countWords(text string) int {
	n := 0
	for range strings.FieldsSeq(text) {
		n++
	}
	return n
}

// stripComment cuts off a comment. A "#" within brackets begins none.
func stripComment(s string) string {
	inside := false
	for i := range len(s) {
		switch {
		case s[i] == '[':
			inside = true
		case s[i] == ']':
			inside = false
		case s[i] == '#' && !inside:
			return s[:i]
		}
	}
	return s
}

// parseEntry reads "deb [options] uri suite component...".
func parseEntry(text string) (Source, error) {
	kind, rest, _ := strings.Cut(strings.ReplaceAll(text, "\t", " "), " ")
	if kind != "deb" && kind != "deb-src" {
		return Source{}, fmt.Errorf("a type that is neither deb nor deb-src")
	}
	src := Source{Types: []string{kind}, Options: map[string]string{}}
	rest = trimSpace(rest)
	// Options in brackets.
	if strings.HasPrefix(rest, "[") {
		options, after, ok := strings.Cut(rest[1:], "]")
		if !ok {
			return Source{}, fmt.Errorf("options without a closing bracket")
		}
		for _, o := range strings.Fields(options) {
			name, value, ok := strings.Cut(o, "=")
			if name = strings.ToLower(strings.TrimRight(name, "+-")); !ok || name == "" {
				return Source{}, fmt.Errorf("an option without a value")
			}
			src.Options[name] = value
		}
		rest = trimSpace(after)
	}
	words := splitFields(rest)
	if len(words) < 2 {
		return Source{}, fmt.Errorf("no address and suite")
	}
	src.URIs, src.Suites, src.Components = words[:1], words[1:2], words[2:]
	if !scheme.MatchString(words[0]) {
		return Source{}, fmt.Errorf("an address without a method")
	}
	if exact := strings.HasSuffix(words[1], "/"); exact != (len(words) == 2) {
		return Source{}, fmt.Errorf("components go with a suite, and none with a path that ends in a slash")
	}
	return src, nil
}

// splitFields splits s at blanks. Blanks within brackets, as in cdrom:[A B]/, do not split.
func splitFields(s string) []string {
	inside := false
	return strings.FieldsFunc(s, func(r rune) bool {
		switch r {
		case '[':
			inside = true
		case ']':
			inside = false
		}
		return !inside && r == ' '
	})
}

// ParseDeb822 reads the format with stanzas, deb822(5) and sources.list(5). What APT refuses is an
// error.
func ParseDeb822(b []byte) ([]Source, error) { return parseDeb822(b, new(budget.Budget)) }

// parseDeb822 is ParseDeb822 within a budget.
func parseDeb822(b []byte, limit *budget.Budget) ([]Source, error) {
	var all []Source
	var errs mistakes.List
	stanzas, err := splitStanzas(string(b), limit, &errs)
	if err != nil {
		return nil, err
	}
	for _, st := range stanzas {
		src := Source{
			Types: strings.Fields(st.values["types"]), URIs: strings.Fields(st.values["uris"]),
			Suites: strings.Fields(st.values["suites"]), Components: strings.Fields(st.values["components"]),
			Options: st.values, Position: inventory.Position{Line: st.line},
		}
		// Other fields are options.
		for name, value := range st.values {
			switch name {
			case "types", "uris", "suites", "components":
				delete(st.values, name)
			default:
				src.Options[name] = trimSpace(value)
			}
		}
		// Disabled entries may be incomplete.
		_, given := src.Options["enabled"]
		src.Disabled = given && isNo(src.Options["enabled"])
		if !src.Disabled && (len(src.Types) == 0 || len(src.URIs) == 0 || len(src.Suites) == 0) {
			errs.Addf("line %d: an entry without types, addresses or suites", st.line)
		}
		if !src.Disabled && slices.ContainsFunc(src.URIs, func(u string) bool { return !scheme.MatchString(u) }) {
			errs.Addf("line %d: an address without a method", st.line)
		}
		whole := func(suite string) bool { return strings.HasSuffix(suite, "/") == (len(src.Components) > 0) }
		if !src.Disabled && slices.ContainsFunc(src.Suites, whole) {
			errs.Addf("line %d: components go with a suite, and none with a path that ends in a slash", st.line)
		}
		all = append(all, src)
	}
	if err := errs.Err(); err != nil {
		return nil, err
	}
	return all, nil
}

// stanza is one stanza of a file.
type stanza struct {
	values map[string]string // by names in lower case; lines of one value are joined by line feeds
	line   int               // of its first field
}

// plainFields is how many items a stanza counts as, which takes as much memory even if it is small.
const plainFields = 8

// splitStanzas returns the stanzas of the text. It adds the mistakes to errs. The error is about the
// budget.
func splitStanzas(text string, limit *budget.Budget, errs *mistakes.List) ([]stanza, error) {
	var all []stanza
	var value []byte // of the last field, where it is continued
	last, line := "", 0
	end := func() {
		if len(value) > 0 {
			all[len(all)-1].values[last], value = string(value), value[:0]
		}
	}
	fresh := true // the next field begins a stanza
	for s := range strings.SplitSeq(text, "\n") {
		line++
		raw := s
		if s = strings.TrimRight(s, " \t\r"); s == "" && strings.HasSuffix(raw, "\r") {
			errs.Addf("line %d: a carriage return on a line of its own", line)
		}
		if !strings.HasPrefix(s, "#") && strings.ContainsFunc(s, isSpecial) {
			errs.Addf("line %d: a special character", line)
			continue
		}
		switch name, text, ok := strings.Cut(s, ":"); {
		case strings.HasPrefix(s, "#"):
		case s == "":
			fresh = true
		case s[0] == ' ' || s[0] == '\t':
			if fresh || last == "" {
				errs.Addf("line %d: continues nothing", line)
				continue
			}
			if len(value) == 0 {
				value = append(value, all[len(all)-1].values[last]...)
			}
			value = append(append(value, '\n'), trimSpace(s)...)
		case !ok || name == "":
			errs.Addf("line %d: no field", line)
		default:
			end()
			if err := limit.Items(1 + countWords(text)); err != nil {
				return nil, fmt.Errorf("line %d: %w", line, err)
			}
			if fresh {
				if err := limit.Items(plainFields); err != nil {
					return nil, fmt.Errorf("line %d: %w", line, err)
				}
				all = append(all, stanza{map[string]string{}, line})
				fresh = false
			}
			last = strings.ToLower(trimSpace(name))
			all[len(all)-1].values[last] = trimSpace(text)
		}
	}
	end()
	return all, nil
}
