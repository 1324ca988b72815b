// Package banner tells what a system shows to whoever is about to log in, or just did:
// issue(5), motd(5), and the texts beside them.
package banner

import (
	"context"
	"errors"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
)

// Text is one file that is shown. A file that is not there has no text.
type Text struct {
	File string
	Text string
}

// Words reports how many words the text has, escapes of agetty(8) aside.
func (t Text) Words() int {
	n := 0
	for _, f := range strings.Fields(t.Text) {
		if !strings.HasPrefix(f, `\`) {
			n++
		}
	}
	return n
}

// HasWord reports whether one of the words, without regard to letter case, stands in the
// text.
func (t Text) HasWord(words []string) bool {
	text := strings.ToLower(t.Text)
	for _, w := range words {
		if strings.Contains(text, strings.ToLower(w)) {
			return true
		}
	}
	return false
}

// Reveals answers which of agetty's escapes for the system, its version and its machine
// stand in the text, such as \s, \S{PRETTY_NAME} and \r.
func (t Text) Reveals() []string {
	var all []string
	for rest := t.Text; ; {
		_, after, ok := strings.Cut(rest, `\`)
		if !ok || after == "" {
			return all
		}
		switch after[0] {
		case 's', 'S', 'r', 'v', 'm':
			all = append(all, `\`+after[:1])
		}
		rest = after[1:]
	}
}

// Fact is the text of one file. A file that is not there answers [inventory.ErrAbsent].
var Fact = inventory.NewKeyed("banner", func(ctx context.Context, s *inventory.System, name string) (Text, error) {
	b, err := s.ReadFile(ctx, name)
	if inventory.IsAbsent(err, name) {
		return Text{}, inventory.ErrAbsent
	}
	if err != nil {
		return Text{}, err
	}
	return Text{name, string(b)}, nil
})

// Console is what agetty(8) shows before a login: etc/issue and the files *.issue in
// etc/issue.d, or where there is no etc/issue those below run. What lies in usr/lib is shown
// by some versions only, and left out.
var Console = inventory.NewFact("issue", func(ctx context.Context, s *inventory.System) ([]Text, error) {
	for _, dir := range []string{"etc", "run"} {
		var all []Text
		t, err := Fact.Of(ctx, s, dir+"/issue")
		switch {
		case err == nil:
			all = append(all, t)
		case !errors.Is(err, inventory.ErrAbsent):
			return nil, err
		case dir == "etc": // its folder counts beside the file only
			continue
		}
		names, err := s.DropIns(ctx, ".issue", dir+"/issue.d")
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			t, err := Fact.Of(ctx, s, name)
			if err != nil && !errors.Is(err, inventory.ErrAbsent) {
				return nil, err
			}
			all = append(all, t)
		}
		return all, nil
	}
	return nil, nil
})
