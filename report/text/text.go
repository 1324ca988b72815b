// Package text writes a report for a person at a terminal: the worst first, with what was
// seen and what to do about it, and at the end what it means under each framework.
package text

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hardening-sdk/hardening/baseline/control"
	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/reason"
	"github.com/hardening-sdk/hardening/report"
)

// Options says how the report is written. The zero value is plain text of 100 columns.
type Options struct {
	Color bool // marks in color, by ANSI escapes; the caller knows whether that is welcome
	Width int  // columns; default 100, at least 40
}

// Write writes r as plain text.
func Write(w io.Writer, r *report.Report) error { return Options{}.Write(w, r) }

// shown is how many pieces of evidence of one rule are written.
const shown = 5

// Write writes r. What comes from the scanned system is cleaned of control characters
// before, so that no file name can steer the terminal.
func (o Options) Write(w io.Writer, r *report.Report) error {
	if o.Width == 0 {
		o.Width = 100
	}
	p := &printer{b: bufio.NewWriter(w), color: o.Color, width: max(o.Width, 40)}
	p.head(r)
	for _, out := range sorted(r.Outcomes) {
		switch out.Result.Status {
		case check.Pass, check.Fixed, check.NotApplicable, check.NotSelected:
		default:
			p.finding(out)
		}
	}
	p.list(r, "Passed", check.Pass, check.Fixed)
	p.list(r, "Not applicable", check.NotApplicable, check.NotSelected)
	for _, s := range r.Controls {
		p.controls(s)
	}
	p.summary(r)
	return p.b.Flush()
}

// rank orders statuses, the worst first.
var rank = map[check.Status]int{check.Fail: 0, check.Error: 1, check.Unknown: 2, check.NotChecked: 3,
	check.Informational: 4, check.Pass: 5, check.Fixed: 5, check.NotApplicable: 6, check.NotSelected: 6}

func sorted(all []check.Outcome) []check.Outcome {
	return slices.SortedStableFunc(slices.Values(all), func(a, b check.Outcome) int {
		return cmp.Or(cmp.Compare(rank[a.Result.Status], rank[b.Result.Status]), cmp.Compare(b.Rule.Severity, a.Rule.Severity))
	})
}

type printer struct {
	b     *bufio.Writer
	color bool
	width int
}

// The colors of marks, by ECMA-48 numbers.
const (
	bold   = "1"
	red    = "1;31"
	green  = "32"
	yellow = "33"
	faint  = "2"
)

func (p *printer) paint(code, s string) string {
	if !p.color {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

func (p *printer) line(format string, args ...any) { fmt.Fprintf(p.b, format+"\n", args...) }

func (p *printer) head(r *report.Report) {
	name := r.System.Name
	if r.System.Root != "" {
		name = strings.TrimSpace(r.System.Root + " " + name)
	}
	p.line("%s", p.paint(bold, clean(fmt.Sprintf("%s %s on %s", r.Baseline.Title, r.Baseline.Version, cmp.Or(name, "an unnamed system")))))
	state := "not running"
	if r.System.Live {
		state = strings.TrimSpace("running " + r.System.Kernel)
	}
	p.line("%s, %s; scanned %s as %s\n", clean(cmp.Or(r.System.Platform.String(), "platform not known")), clean(state),
		r.Scan.Started.UTC().Format("2006-01-02 15:04 UTC"), clean(cmp.Or(r.Scan.User, "an unknown user")))
}

// indent is where the text below a rule's first line begins.
const indent = "        "

func (p *printer) finding(o check.Outcome) {
	mark, code := strings.ToUpper(o.Result.Status.String()), yellow
	if o.Result.Status == check.Fail || o.Result.Status == check.Error {
		code = red
	}
	p.line("%s %-6s %s", p.paint(code, fmt.Sprintf("%-7s", mark)), clean(o.Rule.Severity.String()), p.paint(bold, clean(o.Rule.Title)))
	p.line("%s%s", indent, p.paint(faint, clean(o.Rule.ID)))
	if len(o.Result.Evidence) == 0 || o.Result.Status != check.Fail {
		p.wrap("", reasoned(o.Result))
	}
	for i, e := range o.Result.Evidence {
		if i == shown {
			p.line("%sand %d more", indent, len(o.Result.Evidence)-shown+o.Result.Omitted)
			break
		}
		p.wrap("- ", e.String())
	}
	if o.Result.Status == check.Fail && o.Rule.Remediation != "" {
		p.wrap("> ", o.Rule.Remediation)
	}
	p.line("")
}

func reasoned(r check.Result) string {
	if r.Reason == "" {
		return r.Message
	}
	return string(r.Reason) + ": " + r.Message
}

// wrap writes text below a rule, its first line led by a mark.
func (p *printer) wrap(mark, text string) {
	lead := indent + mark
	at := len(lead)
	line := lead
	for _, word := range strings.Fields(clean(text)) {
		width := utf8.RuneCountInString(word)
		if at > len(lead) && at+1+width > p.width {
			p.line("%s", line)
			line, at = indent+strings.Repeat(" ", len(mark)), len(lead)
		}
		if at > len(lead) {
			line += " "
			at++
		}
		line += word
		at += width
	}
	if at > len(lead) {
		p.line("%s", line)
	}
}

// list writes the IDs of rules with one of the statuses, several to a line.
func (p *printer) list(r *report.Report, title string, statuses ...check.Status) {
	var ids []string
	for _, o := range r.Outcomes {
		if slices.Contains(statuses, o.Result.Status) {
			ids = append(ids, o.Rule.ID)
		}
	}
	if len(ids) == 0 {
		return
	}
	code := green
	if statuses[0] != check.Pass {
		code = faint
	}
	p.line("%s (%d)", p.paint(code, title), len(ids))
	p.wrap("", strings.Join(ids, ", "))
	p.line("")
}

// controls writes a line for each requirement.
func (p *printer) controls(s *control.Summary) {
	if len(s.Entries) == 0 {
		return
	}
	p.line("%s", p.paint(bold, clean(s.Catalog.Title)))
	p.line("%s%5s %5s %5s", indent, "fail", "open", "pass")
	for _, e := range s.Entries {
		fail, open, pass := e.Count(control.Fail), e.Count(control.Error, control.Unknown, control.NotChecked), e.Count(control.Pass, control.Fixed)
		if fail+open+pass == 0 {
			continue // nothing that was scanned has to do with it
		}
		row := fmt.Sprintf("%s%5s %5s %5s  %-24s %s", indent, number(fail), number(open), number(pass), clean(e.Control.ID), clean(e.Control.Title))
		switch {
		case fail > 0:
			row = p.paint("31", row)
		case open > 0:
			row = p.paint(yellow, row)
		}
		p.line("%s", strings.TrimRight(row, " "))
	}
	p.line("%sWhat was scanned speaks for these requirements; it does not decide them.\n", indent)
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func number(n int) string {
	if n == 0 {
		return "."
	}
	return fmt.Sprint(n)
}

func (p *printer) summary(r *report.Report) {
	counts := r.Counts()
	var parts []string
	for _, s := range []check.Status{check.Fail, check.Error, check.Unknown, check.NotChecked, check.Pass, check.Fixed, check.NotApplicable, check.Informational, check.NotSelected} {
		if counts[s] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", counts[s], s))
		}
	}
	p.line("%s %s", p.paint(bold, plural(len(r.Outcomes), "rule")+":"), strings.Join(parts, ", "))
	reasons := map[reason.Reason]int{}
	for _, o := range r.Outcomes {
		if o.Result.Status == check.Unknown {
			reasons[o.Result.Reason]++
		}
	}
	if n := reasons[reason.Permission]; n > 0 {
		p.line("%d could not be judged for want of permission: run as root, or with CAP_DAC_READ_SEARCH, to see more", n)
	}
	if n := reasons[reason.NotLive]; n > 0 {
		p.line("%d can only be judged on the running system", n)
	}
	for _, note := range r.Notes {
		p.line("%s", clean(note))
	}
}
