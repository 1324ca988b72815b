// Package text writes a report as plain text for a terminal. It lists the worst findings first,
// with evidence and remediation. At the end it lists the findings by the requirements of each
// framework.
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

// Options configures the layout. The zero value is text without color, 100 columns wide.
type Options struct {
	Color bool // whether to use ANSI color escapes; the caller decides if the terminal supports them
	Width int  // width in columns; the default is 100, the minimum 40
}

// Write writes r to w with the default options.
func Write(w io.Writer, r *report.Report) error { return Options{}.Write(w, r) }

// shown is the maximum number of pieces of evidence that are written for a rule.
const shown = 5

// Write writes r to w. It escapes control characters in text from the scanned system, so that a
// file name cannot control the terminal.
func (o Options) Write(w io.Writer, r *report.Report) error {
	if o.Width == 0 {
		o.Width = 100
	}
	p := &printer{b: bufio.NewWriter(w), color: o.Color, width: max(o.Width, 40)}
	p.printHead(r)
	for _, out := range sorted(r.Outcomes) {
		switch out.Result.Status {
		case check.Pass, check.Fixed, check.NotApplicable, check.NotSelected:
		default:
			p.printFinding(out)
		}
	}
	p.printIDs(r, "Passed", check.Pass, check.Fixed)
	p.printIDs(r, "Not applicable", check.NotApplicable, check.NotSelected)
	for _, s := range r.Controls {
		p.printControls(s)
	}
	p.printSummary(r)
	return p.b.Flush()
}

// rank is the sort order of statuses, the worst first.
var rank = map[check.Status]int{check.Fail: 0, check.Error: 1, check.Unknown: 2, check.NotChecked: 3,
	check.Informational: 4, check.Pass: 5, check.Fixed: 5, check.NotApplicable: 6, check.NotSelected: 6}

// sorted returns the outcomes with the worst first, by status and then by severity.
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

// Colors, as ECMA-48 parameters.
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

// printHead writes what was scanned, and when.
func (p *printer) printHead(r *report.Report) {
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

// indent is the indentation of the text below the first line of a rule.
const indent = "        "

// printFinding writes one outcome with its evidence.
func (p *printer) printFinding(o check.Outcome) {
	mark, code := strings.ToUpper(o.Result.Status.String()), yellow
	if o.Result.Status == check.Fail || o.Result.Status == check.Error {
		code = red
	}
	p.line("%s %-6s %s", p.paint(code, fmt.Sprintf("%-7s", mark)), clean(o.Rule.Severity.String()), p.paint(bold, clean(o.Rule.Title)))
	p.line("%s%s", indent, p.paint(faint, clean(o.Rule.ID)))
	if len(o.Result.Evidence) == 0 || o.Result.Status != check.Fail {
		p.wrap("", withReason(o.Result))
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

// withReason returns the message of r after its reason.
func withReason(r check.Result) string {
	if r.Reason == "" {
		return r.Message
	}
	return string(r.Reason) + ": " + r.Message
}

// wrap writes text, indented and wrapped. The first line begins with mark.
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

// printIDs writes the IDs of the rules that have one of the statuses, several on a line.
func (p *printer) printIDs(r *report.Report, title string, statuses ...check.Status) {
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

// printControls writes a line for each requirement.
func (p *printer) printControls(s *control.Summary) {
	if len(s.Entries) == 0 {
		return
	}
	p.line("%s", p.paint(bold, clean(s.Catalog.Title)))
	p.line("%s%5s %5s %5s", indent, "fail", "open", "pass")
	for _, e := range s.Entries {
		fail, open, pass := e.Count(control.Fail), e.Count(control.Error, control.Unknown, control.NotChecked), e.Count(control.Pass, control.Fixed)
		if fail+open+pass == 0 {
			continue // none of its rules applies to the system
		}
		row := fmt.Sprintf("%s%5s %5s %5s  %-24s %s", indent, formatNumber(fail), formatNumber(open), formatNumber(pass), clean(e.Control.ID), clean(e.Control.Title))
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

// formatCount returns n and the noun in the singular or plural.
func formatCount(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// formatNumber returns n, or "." for 0.
func formatNumber(n int) string {
	if n == 0 {
		return "."
	}
	return fmt.Sprint(n)
}

// printSummary writes the number of rules by status, advice and notes.
func (p *printer) printSummary(r *report.Report) {
	counts := r.Counts()
	var parts []string
	for _, s := range []check.Status{check.Fail, check.Error, check.Unknown, check.NotChecked, check.Pass, check.Fixed, check.NotApplicable, check.Informational, check.NotSelected} {
		if counts[s] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", counts[s], s))
		}
	}
	p.line("%s %s", p.paint(bold, formatCount(len(r.Outcomes), "rule")+":"), strings.Join(parts, ", "))
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
