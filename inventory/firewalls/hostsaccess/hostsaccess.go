// Package hostsaccess reads etc/hosts.allow and etc/hosts.deny (hosts_access(5) and
// hosts_options(5)). Programs that are linked with libwrap consult these files before they serve a
// client.
package hostsaccess

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/internal/mistakes"
	"github.com/hardening-sdk/hardening/inventory"
)

// Rule is one line of a file, joined with its continuation lines.
type Rule struct {
	inventory.Position // where the rule begins

	Daemons []string // the words before the first colon; EXCEPT is one of them
	Clients []string // the words before the second colon; EXCEPT is one of them
	Options []string // in lower case, with their arguments
}

// Policy is the rules of both files.
type Policy struct{ Allow, Deny []Rule }

const allow, deny = "etc/hosts.allow", "etc/hosts.deny"

// libraries are where the loader finds libwrap, below usr and below the root. Its name has been
// the same since tcp_wrappers 7.6. Folders for one architecture are named after it and the system,
// as x86_64-linux-gnu is.
var libraries = []string{"lib/libwrap.so.0", "lib64/libwrap.so.0", "lib/*-linux-*/libwrap.so.0"}

// Fact is the policy of the system. A missing file has no rules. The error is
// [inventory.ErrAbsent] if libwrap is not installed, as no program then reads the files.
var Fact = inventory.NewFact("hosts.allow", collect)

func collect(ctx context.Context, s *inventory.System) (*Policy, error) {
	there, err := hasLibrary(ctx, s)
	if err != nil {
		return nil, err
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
			rules[i].Source = f.name
		}
		*f.into = rules
	}
	return p, nil
}

// hasLibrary reports whether libwrap is installed.
func hasLibrary(ctx context.Context, s *inventory.System) (bool, error) {
	for _, pattern := range libraries {
		if found, err := s.Glob(ctx, "usr/"+pattern); err != nil || len(found) > 0 {
			return err == nil, err
		}
	}
	for _, pattern := range libraries {
		folder, _, _ := strings.Cut(pattern, "/")
		if merged, err := isMerged(ctx, s, folder); err != nil {
			return false, err
		} else if merged {
			continue
		}
		if found, err := s.Glob(ctx, pattern); err != nil || len(found) > 0 {
			return err == nil, err
		}
	}
	return false, nil
}

// isMerged reports whether a folder of the root is a link to the one below usr, in which the same
// files would be found again.
func isMerged(ctx context.Context, s *inventory.System, folder string) (bool, error) {
	info, err := s.Lstat(ctx, folder)
	if inventory.IsAbsent(err, folder) {
		return false, nil
	}
	if err != nil || info.Mode()&fs.ModeSymlink == 0 {
		return false, err
	}
	target, err := s.FS(ctx).ReadLink(folder)
	return strings.TrimPrefix(target, "/") == "usr/"+folder, err
}

// Parse reads the text of either file. The File of the rules is left empty. A line without daemons
// or clients, which libwrap ignores with a warning, and a continuation at the end of the file are
// errors; they are reported together with their lines, and then no rules are returned.
func Parse(b []byte) ([]Rule, error) {
	var all []Rule
	var errs mistakes.List
	var limit budget.Budget
	line, from := 0, 1
	var joined strings.Builder
	if len(b) > 0 && b[len(b)-1] != '\n' {
		errs.Addf("line %d: no newline at its end, so that libwrap ignores it", 1+strings.Count(string(b), "\n"))
	}
	for s := range strings.SplitSeq(strings.TrimSuffix(string(b), "\n"), "\n") {
		line++
		if joined.Len() == 0 {
			from = line
		}
		if rest, ok := strings.CutSuffix(s, `\`); ok {
			joined.WriteString(rest)
			continue
		}
		text := s
		if joined.Len() > 0 {
			joined.WriteString(s)
			text = joined.String()
			joined.Reset()
		}
		if len(text) > maxLine {
			errs.Addf("line %d: longer than %d bytes", from, maxLine)
			continue
		}
		if strings.Trim(text, " \t\r") == "" || strings.HasPrefix(text, "#") {
			continue
		}
		if err := limit.Items(1 + countWords(text)); err != nil {
			return nil, fmt.Errorf("line %d: %w", from, err)
		}
		r, ok := parseRule(text)
		if !ok {
			errs.Addf("line %d: no programs or no clients", from)
			continue
		}
		if slices.ContainsFunc(r.Options, isUnknown) {
			errs.Addf("line %d: an option that libwrap does not know", from)
			continue
		}
		r.Line = from
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

// maxLine is how long a line with those that continue it may be. libwrap takes the rest of a longer one
// for a line of its own.
const maxLine = 2000

// isUnknown reports whether libwrap refuses an option, hosts_options(5). It then denies the client, and
// does not look further.
func isUnknown(option string) bool {
	name, value, _ := strings.Cut(strings.ReplaceAll(option, "=", " "), " ")
	switch name {
	case "allow", "deny", "keepalive":
		return value != ""
	case "aclexec", "banners", "linger", "nice", "rfc931", "setenv", "severity", "spawn", "twist", "umask", "user":
		return false
	}
	return true
}

// parseRule reads the text of one rule. It reports false if daemons or clients are missing.
func parseRule(text string) (r Rule, ok bool) {
	fields := splitFields(text)
	r.Daemons = splitWords(fields[0])
	if len(fields) > 1 {
		r.Clients = splitWords(fields[1])
	}
	if len(r.Daemons) == 0 || len(r.Clients) == 0 {
		return Rule{}, false
	}
	for _, o := range fields[2:] {
		if o = strings.TrimSpace(o); o == "" {
			continue
		}
		if o = strings.ToLower(strings.Join(strings.Fields(o), " ")); o != "" {
			r.Options = append(r.Options, o)
		}
	}
	return r, true
}

// splitFields splits a line at its colons, except at those in brackets and behind a backslash.
func splitFields(s string) []string {
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

// splitWords splits a list at blanks and commas.
func splitWords(s string) []string { return strings.FieldsFunc(s, isEnd) }

// countWords counts the words and fields of a rule.
func countWords(s string) int {
	n := strings.Count(s, ":")
	for range strings.FieldsFuncSeq(s, isEnd) {
		n++
	}
	return n
}

// isEnd reports whether a character ends a word.
func isEnd(r rune) bool { return r == ' ' || r == '\t' || r == ',' || r == '\r' }

// Others returns the rule that decides about a client and a program that only ALL or a pattern for
// everything matches, and reports whether the client is let in. If there is no such rule, the
// client is let in, and the rule is the zero Rule.
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

// everything are the patterns that match all clients, or most of them.
var everything = []string{"*", "0.0.0.0/0", "0.0.0.0/0.0.0.0", "[::]/0", "[::/0]", "known", "unknown"}

// matches reports whether a list matches a client or program that none of its words names. If loose
// is set, a word that matches most of them counts as ALL.
func matches(list []string, loose bool) bool {
	if i := slices.IndexFunc(list, func(w string) bool { return strings.EqualFold(w, "EXCEPT") }); i >= 0 {
		return matches(list[:i], loose) && !matches(list[i+1:], false)
	}
	return slices.ContainsFunc(list, func(w string) bool {
		w = strings.ToLower(w)
		return w == "all" || loose && slices.Contains(everything, w)
	})
}
