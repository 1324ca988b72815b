package bootloader

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/kernels/kernel"
)

// truth is what is known of a condition.
type truth int

const (
	no truth = iota
	maybe
	yes
)

// frame is one open block of a script.
type frame struct {
	kind  string // if, loop, function, menuentry, submenu, block
	exec  truth  // whether what stands in it is carried out
	taken truth  // of an if: whether one of its branches was
	title string
	// recovery says that it is an entry which grub-mkconfig made to repair the system.
	recovery bool
}

type superusers struct {
	names  []string
	set    bool
	source string
	line   int
}

type password struct {
	user   string
	hashed bool
	source string
	line   int
	exec   truth
}

// grub carries a script out as far as that can be done without a machine.
type grub struct {
	ctx       context.Context
	sys       *inventory.System
	dir       string // of the script, which is $prefix
	source    string
	stack     []frame
	vars      map[string][]string // possible values
	super     []superusers        // all that it may come to be
	exported  truth
	submenus  bool
	passwords []password
	entries   []Entry
	bls       truth
	stub      bool
	depth     int
	steps     int
}

func (g *grub) exec() truth {
	t := yes
	for _, f := range g.stack {
		t = min(t, f.exec)
	}
	return t
}

// run carries out the commands of a file.
func (g *grub) run(name string) error {
	b, err := g.sys.ReadFile(g.ctx, name)
	if err != nil {
		return err
	}
	commands, err := Parse(b)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if g.steps += len(commands); g.depth > 8 || g.steps > 1_000_000 {
		return fmt.Errorf("%s: too many files or commands: %w", name, inventory.ErrLimit)
	}
	outer, open := g.source, len(g.stack)
	g.source = name
	g.depth++
	for _, c := range commands {
		if err := g.command(c); err != nil {
			return err
		}
		if len(g.stack) < open {
			return fmt.Errorf("%s:%d: a block ends that did not begin", name, c.Line)
		}
	}
	if len(g.stack) != open {
		return fmt.Errorf("%s: a block is left open", name)
	}
	g.depth--
	g.source = outer
	return nil
}

func (g *grub) push(kind, title string, exec truth) {
	g.stack = append(g.stack, frame{kind: kind, title: title, exec: exec, taken: exec})
}

func (g *grub) pop(kinds ...string) error {
	if n := len(g.stack); n > 0 && slices.Contains(kinds, g.stack[n-1].kind) {
		g.stack = g.stack[:n-1]
		return nil
	}
	return fmt.Errorf("%s: a block ends that did not begin", g.source)
}

// command carries one command out.
func (g *grub) command(c Command) error {
	if c.Close {
		return g.pop("function", "menuentry", "submenu", "block")
	}
	w := c.Words
	for len(w) > 0 && (w[0] == "then" || w[0] == "do" || w[0] == "else") {
		if w[0] == "else" {
			if err := g.branch(yes); err != nil {
				return err
			}
		}
		w = w[1:]
	}
	if len(w) == 0 {
		if c.Open {
			g.push("block", "", yes)
		}
		return nil
	}
	switch w[0] {
	case "if":
		t, err := g.condition(w[1:])
		g.push("if", "", t)
		return err
	case "elif":
		t, err := g.condition(w[1:])
		return errors.Join(err, g.branch(t))
	case "fi":
		return g.pop("if")
	case "while", "until", "for":
		g.push("loop", "", maybe)
		return nil
	case "done":
		return g.pop("loop")
	}
	if c.Open {
		g.block(w)
		return nil
	}
	if g.exec() == no {
		return nil
	}
	return g.simple(w, c.Line)
}

func (g *grub) block(w []string) {
	kind, title, exec := "block", "", yes
	switch w[0] {
	case "function":
		kind, exec = "function", maybe
	case "menuentry", "hiddenentry", "submenu":
		kind = "menuentry"
		if w[0] == "submenu" {
			kind, g.submenus = "submenu", true
		}
		if len(w) > 1 {
			title, _ = g.expand(w[1])
		}
	}
	g.push(kind, title, exec)
	g.stack[len(g.stack)-1].recovery = kind == "menuentry" && slices.ContainsFunc(w[1:], func(s string) bool {
		return strings.Contains(s, "(recovery mode)") || strings.HasPrefix(s, "gnulinux-") && strings.Contains(s, "-recovery-")
	})
}

// branch goes to the next branch of an if.
func (g *grub) branch(t truth) error {
	n := len(g.stack)
	if n == 0 || g.stack[n-1].kind != "if" {
		return fmt.Errorf("%s: a branch of no condition", g.source)
	}
	f := &g.stack[n-1]
	switch f.taken {
	case yes:
		f.exec = no
	case maybe:
		f.exec = min(t, maybe)
	default:
		f.exec, f.taken = t, t
	}
	return nil
}

// inEntry reports whether the place is in a menu entry, and which.
func (g *grub) inEntry() (frame, bool) {
	for _, f := range slices.Backward(g.stack) {
		if f.kind == "menuentry" {
			return f, true
		}
	}
	return frame{}, false
}

func (g *grub) simple(w []string, line int) error {
	entry, inside := g.inEntry()
	exec := g.exec()
	if k, v, ok := strings.Cut(w[0], "="); ok && len(w) == 1 {
		g.set(k, v, line, exec, inside)
		return nil
	}
	switch w[0] {
	case "set":
		if len(w) == 2 {
			k, v, _ := strings.Cut(w[1], "=")
			g.set(k, v, line, exec, inside)
		}
	case "unset":
		for _, k := range w[1:] {
			g.unset(k, exec, inside)
		}
	case "export":
		if slices.Contains(w[1:], "superusers") && !inside {
			g.exported = max(g.exported, exec)
		}
	case "password", "password_pbkdf2":
		if len(w) > 2 {
			user, _ := g.expand(w[1])
			g.passwords = append(g.passwords, password{user, w[0] != "password", g.source, line, exec})
		}
	case "linux", "linux16", "linuxefi", "module", "module2":
		if strings.HasPrefix(w[0], "module") && (len(w) < 2 || !strings.Contains(path.Base(w[1]), "vmlinu")) {
			return nil // of another system than Linux, or an initial disk
		}
		g.kernel(w, entry, line)
	case "blscfg":
		g.bls = max(g.bls, exec)
	case "load_env":
		return g.loadEnv(w[1:], exec)
	case "eval", "legacy_source", "syslinux_source", "extract_entries_source", "extract_syslinux_entries_source":
		if !inside {
			return fmt.Errorf("%s, whose commands are not followed: %w", w[0], inventory.ErrUnavailable)
		}
	case "source", ".", "configfile", "normal":
		return g.include(w, line, exec, inside)
	}
	return nil
}

func (g *grub) kernel(w []string, in frame, line int) {
	e := Entry{Title: in.title, Recovery: in.recovery, Source: g.source, Line: line}
	if len(w) > 2 {
		e.Parameters, e.Possible = g.parameters(strings.Join(w[2:], " "))
	}
	g.entries = append(g.entries, e)
}

// parameters answers the command line of words.
func (g *grub) parameters(text string) (certain, possible kernel.Parameters) {
	var sure, all strings.Builder
	for i, part := range strings.Split(text, "\x00") {
		if i%2 == 0 {
			sure.WriteString(part)
			continue
		}
		values := g.vars[part]
		if len(values) == 1 {
			sure.WriteString(values[0])
			continue
		}
		for _, v := range values {
			all.WriteString(" " + v)
		}
	}
	return kernel.ParseCommandLine(sure.String()), kernel.ParseCommandLine(all.String())
}

// include follows a command that reads another script.
func (g *grub) include(w []string, line int, exec truth, inside bool) error {
	if inside || w[0] == "normal" && len(w) < 2 {
		return nil // of an entry for another system
	}
	if len(w) < 2 {
		return nil
	}
	name, ok := g.file(w[1])
	if w[0] == "configfile" || w[0] == "normal" {
		g.stub = true
		return nil
	}
	if !ok {
		return fmt.Errorf("%s:%d: what it reads here cannot be told: %w", g.source, line, inventory.ErrUnavailable)
	}
	g.push("block", "", exec)
	err := g.run(name)
	if errors.Is(err, fs.ErrNotExist) {
		err = nil // GRUB says so and goes on
	}
	return errors.Join(err, g.pop("block"))
}
