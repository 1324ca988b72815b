// Package banner reads the texts that a system shows before or after a login, such as etc/issue,
// issue(5), and etc/motd, motd(5).
package banner

import (
	"context"
	"errors"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
)

// Text is one file that is shown. A missing file has no text.
type Text struct {
	inventory.Position

	Text string // its content
}

// Words returns how many words the text has. Escapes of agetty(8) do not count.
func (t Text) Words() int {
	n := 0
	for _, f := range strings.Fields(t.Text) {
		if !strings.HasPrefix(f, `\`) {
			n++
		}
	}
	return n
}

// HasWord reports whether the text contains one of the words, without regard to letter case.
func (t Text) HasWord(words []string) bool {
	text := strings.ToLower(t.Text)
	for _, w := range words {
		if strings.Contains(text, strings.ToLower(w)) {
			return true
		}
	}
	return false
}

// Reveals returns the escapes of agetty(8) in the text that show the system, its version or its
// machine, such as \s, \S and \r. Arguments in
// braces, as in \S{PRETTY_NAME}, are left out.
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
		// What stands in the braces of these is an argument, no escape.
		if strings.IndexByte("S46e", after[0]) >= 0 && strings.HasPrefix(rest, "{") {
			_, rest, _ = strings.Cut(rest, "}") // without the end, all of the file
		}
	}
}

// Fact returns the text of one file by its path. Without the file it returns [inventory.ErrAbsent].
var Fact = inventory.NewKeyed("banner", collect)

func collect(ctx context.Context, s *inventory.System, name string) (Text, error) {
	b, err := s.ReadText(ctx, name)
	if inventory.IsAbsent(err, name) {
		return Text{}, inventory.ErrAbsent
	}
	if err != nil {
		return Text{}, err
	}
	return Text{inventory.Position{Source: name}, string(b)}, nil
}

// Console returns what agetty(8) shows before a login: etc/issue and the files *.issue in
// etc/issue.d, or the same files below run where there is no etc/issue. Only some versions show the
// files in usr/lib. They are left out.
var Console = inventory.NewFact("issue", collectConsole)

func collectConsole(ctx context.Context, s *inventory.System) ([]Text, error) {
	for _, dir := range []string{"etc", "run"} {
		var all []Text
		t, err := Fact.Of(ctx, s, dir+"/issue")
		switch {
		case err == nil:
			all = append(all, t)
		case !errors.Is(err, inventory.ErrAbsent):
			return nil, err
		case dir == "etc": // the folder counts only beside the file
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
}
