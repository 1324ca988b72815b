package ntp

import (
	"errors"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/inventory"
)

var (
	errOpen  = errors.New("OpenNTPD does not start with this line, or may read it otherwise")
	openName = regexp.MustCompile(`^[A-Za-z0-9_*][A-Za-z0-9_:%./*-]*$`)
)

// ranges are the options of OpenNTPD that have a number, and its limits, ntpd.conf(5).
var ranges = map[string]struct{ least, most int }{
	"weight": {1, 10}, "stratum": {1, 16}, "correction": {-127000000, 127000000},
}

// takeOpen takes a line of OpenNTPD, which refuses a file with one that it does not know.
// It takes no end of a line but a line feed, and a "#" within a word for a part of it.
func (l *lines) takeOpen(text, _ string, n int, limit *budget.Budget) error {
	text, isWhole := strings.CutSuffix(text, "\n")
	before, _, isComment := strings.Cut(text, "#")
	words := strings.FieldsFunc(before, func(r rune) bool { return r == ' ' || r == '\t' })
	switch {
	case isComment && before != "" && !strings.HasSuffix(before, " ") && !strings.HasSuffix(before, "\t"):
		return errOpen
	case len(words) == 0:
		return nil
	case !isWhole || len(words) == 1 || slices.ContainsFunc(words, isOddWord):
		return errOpen
	case slices.Contains(directives[OpenD], words[0]):
		return l.takeOpenSource(words, n, limit)
	}
	switch words[0] + " " + words[1] {
	case "listen on", "query from":
		if len(words) == 3 && (words[2] == "*" && words[0] == "listen" || isAddress(words[2])) {
			return nil
		}
	case "constraint from", "constraints from":
		if len(words) == 3 {
			return nil
		}
	}
	return errOpen
}

// isAddress reports whether a word is an address. Names, and routing tables, which systems other than
// OpenBSD do not have, are not.
func isAddress(word string) bool {
	_, err := netip.ParseAddr(word)
	return err == nil
}

// takeOpenSource takes a line of OpenNTPD that names a source.
func (l *lines) takeOpenSource(words []string, n int, limit *budget.Budget) error {
	if err := limit.Items(1); err != nil {
		return err
	}
	value, ok := unquote(words[1])
	if !ok || !openName.MatchString(value) {
		return errOpen
	}
	for i := 2; i < len(words); i++ {
		if words[i] == "refid" && words[0] == "sensor" && i+1 < len(words) && openName.MatchString(words[i+1]) {
			i++
			continue
		}
		r, ok := ranges[words[i]]
		if !ok || words[i] != "weight" && words[0] != "sensor" || i+1 == len(words) {
			return errOpen
		}
		i++
		if x, err := strconv.Atoi(words[i]); err != nil || x < r.least || x > r.most {
			return errOpen
		}
	}
	l.sources = append(l.sources, inventory.Setting{Name: words[0], Value: value, Position: inventory.Position{Line: n}})
	return nil
}

// isOddWord reports whether a word has something that may end it, or the line.
func isOddWord(w string) bool {
	w, ok := unquote(w)
	return !ok || strings.ContainsFunc(w, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune("\\{}(),<>!=", r) })
}
