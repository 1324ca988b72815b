// Package hostsaccess reads etc/hosts.allow and etc/hosts.deny, hosts_access(5) and
// hosts_options(5), which programs that are linked with libwrap ask before they serve a
// client.
package hostsaccess

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/internal/mistakes"
	"github.com/hardening-sdk/hardening/inventory"
)

// Rule is one line.
type Rule struct {
	Daemons []string // words, EXCEPT among them
	Clients []string
	Options []string // lower case, with their arguments
	File    string
	Line    int // where it begins, counted from 1
}

// Policy is the lines of both files.
type Policy struct{ Allow, Deny []Rule }

const allow, deny = "etc/hosts.allow", "etc/hosts.deny"

// libraries are where libwrap lies.
var libraries = []string{"usr/lib/*/libwrap.so.*", "usr/lib64/libwrap.so.*", "usr/lib/libwrap.so.*", "lib/*/libwrap.so.*", "lib64/libwrap.so.*", "lib/libwrap.so.*"}

// Fact is the policy of the system; a file that is not there has no lines. A system without
// libwrap has nothing that asks them: [inventory.ErrAbsent].
var Fact = inventory.NewFact("hosts.allow", func(ctx context.Context, s *inventory.System) (*Policy, error) {
	there := false
	for _, pattern := range libraries {
		found, err := s.Glob(ctx, pattern)
		if err != nil {
			return nil, err
		}
		there = there || len(found) > 0
	}
	if !there {
		return nil, fmt.Errorf("no libwrap: %w", inventory.ErrAbsent)
	}
	p := &Policy{}
	for _, f := range []struct {
		name string
		into *[]Rule
	}{{allow, &p.Allow}, {deny, &p.Deny}} {
		rules, err := inventory.ParseFile(ctx, s, f.name, Parse)
		if inventory.IsAbsent(err, f.name) {
			continue
		}
		if err != nil {
			return nil, err
		}
		for i := range rules {
			rules[i].File = f.name
		}
		*f.into = rules
	}
	return p, nil
})

// Parse reads the text of either file. A line without clients is a mistake, which libwrap
// passes over with a warning; there is no answer beside one.
func Parse(b []byte) ([]Rule, error) {
	var all []Rule
	var errs mistakes.List
	line, from := 0, 1
	var joined strings.Builder
	for s := range strings.SplitSeq(strings.TrimSuffix(string(b), "\n"), "\n") {
		line++
		if joined.Len() == 0 {
			from = line
		}
		if rest, ok := strings.CutSuffix(s, `\`); ok {
			joined.WriteString(rest)
			continue
		}
		joined.WriteString(s)
		text := joined.String()
		joined.Reset()
		if strings.TrimSpace(text) == "" || strings.HasPrefix(text, "#") {
			continue
		}
		fields := split(text)
		r := Rule{Daemons: words(fields[0]), Line: from}
		if len(fields) > 1 {
			r.Clients = words(fields[1])
		}
		if len(r.Daemons) == 0 || len(r.Clients) == 0 {
			errs.Addf("line %d: no programs or no clients", from)
			continue
		}
		for _, o := range fields[2:] {
			if o = strings.ToLower(strings.Join(strings.Fields(o), " ")); o != "" {
				r.Options = append(r.Options, o)
			}
		}
		all = append(all, r)
	}
	if joined.Len() > 0 {
		errs.Addf("line %d: continues at the end of the file", from)
	}
	if err := errs.Err(); err != nil {
		return nil, err
	}
	return all, nil
}

// split cuts a line at its colons, those in brackets and behind a backslash aside.
func split(s string) []string {
	var all []string
	from, inside := 0, false
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\':
			i++
		case s[i] == '[':
			inside = true
		case s[i] == ']':
			inside = false
		case s[i] == ':' && !inside:
			all = append(all, s[from:i])
			from = i + 1
		}
	}
	return append(all, s[from:])
}

func words(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '\t' || r == ',' || r == '\r' })
}

// Others answers the line that decides on a client and a program that no line names but by
// ALL or a pattern for everything, and whether it is let in. Without such a line it is.
func (p *Policy) Others() (r Rule, letIn bool) {
	for _, r := range p.Allow {
		if matches(r.Daemons, true) && matches(r.Clients, true) {
			return r, !slices.Contains(r.Options, "deny")
		}
	}
	for _, r := range p.Deny {
		if matches(r.Daemons, false) && matches(r.Clients, false) {
			return r, slices.Contains(r.Options, "allow")
		}
	}
	return Rule{}, true
}

// everything are patterns that all clients match, or most of them.
var everything = []string{"*", "0.0.0.0/0", "0.0.0.0/0.0.0.0", "[::]/0", "[::/0]", "known", "unknown"}

// matches reports whether a list matches what no word of it names. Loose takes words that
// match most for one that matches all.
func matches(list []string, loose bool) bool {
	if i := slices.IndexFunc(list, func(w string) bool { return strings.EqualFold(w, "EXCEPT") }); i >= 0 {
		return matches(list[:i], loose) && !matches(list[i+1:], false)
	}
	return slices.ContainsFunc(list, func(w string) bool {
		w = strings.ToLower(w)
		return w == "all" || loose && slices.Contains(everything, w)
	})
}
