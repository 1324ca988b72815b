package bootloader

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/kernels/kernel"
)

// truth says what is known about a condition.
type truth int

const (
	no truth = iota
	maybe
	yes
)

// frame is one open block of a script.
type frame struct {
	kind  string // if, loop, function, menuentry, submenu, block
	exec  truth  // whether the commands in the block are carried out, as far as it decides
	outer truth  // whether those around it are
	entry int    // the number of the innermost menu entry that it is in, its own too, counted from 1; else 0
	taken truth  // of an if: whether one of its branches so far is
	title string // of a menu entry
	// recovery says that grub-mkconfig made the menu entry to repair the system.
	recovery bool
}

// superusers is one value of the variable superusers; set is false if the variable is unset.
type superusers struct {
	names  []string
	set    bool
	source string
	line   int
}

// password is one command password or password_pbkdf2.
type password struct {
	user   string
	hashed bool
	source string
	line   int
	exec   truth
}

// grub carries out a script as far as that is possible without the machine.
type grub struct {
	ctx       context.Context
	sys       *inventory.System
	dir       string              // the folder of the script, which is $prefix
	source    string              // the file that is carried out
	stack     []frame             // the open blocks
	vars      map[string][]string // the possible values of variables
	super     []superusers        // the possible values of superusers
	exported  truth               // whether superusers is exported
	submenus  bool                // there is a submenu
	passwords []password
	entries   []Entry
	bls       truth // whether blscfg is called
	stub      bool  // the script hands over to another configuration
	depth     int   // of files that read files
	limit     *budget.Budget
	over      error                // the budget is used up
	scripts   map[string][]Command // the files that were read, by their names
}

// exec says whether the commands at the current place are carried out.
func (g *grub) exec() truth {
	if len(g.stack) == 0 {
		return yes
	}
	f := g.stack[len(g.stack)-1]
	return min(f.outer, f.exec)
}

// read returns the commands of a file, which is read once.
func (g *grub) read(name string) ([]Command, error) {
	if err := g.limit.Include(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	all, again := g.scripts[name]
	if !again {
		b, err := g.sys.ReadText(g.ctx, name)
		if err != nil {
			return nil, err
		}
		if all, err = parse(b, g.limit); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		g.scripts[name] = all
		return all, nil
	}
	if err := g.limit.Items(len(all)); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return all, nil
}

// run carries out the commands of a file.
func (g *grub) run(name string) error {
	commands, err := g.read(name)
	if err != nil {
		return err
	}
	if g.depth > 8 {
		return fmt.Errorf("%s: too many files in one another: %w", name, inventory.ErrLimit)
	}
	outer, open := g.source, len(g.stack)
	g.source = name
	g.depth++
	for _, c := range commands {
		if err := g.runCommand(c); err != nil {
			return err
		}
		if g.over != nil {
			return fmt.Errorf("%s:%d: %w", name, c.Line, g.over)
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

// push opens a block.
func (g *grub) push(kind, title string, exec truth) {
	f := frame{kind: kind, title: title, exec: exec, taken: exec, outer: g.exec()}
	if n := len(g.stack); kind == "menuentry" {
		f.entry = n + 1
	} else if n > 0 {
		f.entry = g.stack[n-1].entry
	}
	g.stack = append(g.stack, f)
}

// pop closes the innermost block, which must be of one of the kinds.
func (g *grub) pop(kinds ...string) error {
	if n := len(g.stack); n > 0 && slices.Contains(kinds, g.stack[n-1].kind) {
		g.stack = g.stack[:n-1]
		return nil
	}
	return fmt.Errorf("%s: a block ends that did not begin", g.source)
}

// runCommand carries out one command.
func (g *grub) runCommand(c Command) error {
	if c.Close {
		return g.pop("function", "menuentry", "submenu", "block")
	}
	// These words may stand alone or before a command.
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
	if done, err := g.runControl(w); done {
		return err
	}
	if c.Open {
		g.openBlock(w)
		return nil
	}
	if g.exec() == no {
		return nil
	}
	return g.runSimple(w, c.Line)
}

// runControl carries out a command that begins or ends a condition or a loop. It reports whether
// the command is one of these.
func (g *grub) runControl(w []string) (bool, error) {
	switch w[0] {
	case "if":
		t, err := g.evalCondition(w[1:])
		g.push("if", "", t)
		return true, err
	case "elif":
		t, err := g.evalCondition(w[1:])
		return true, errors.Join(err, g.branch(t))
	case "fi":
		return true, g.pop("if")
	case "while", "until", "for":
		g.push("loop", "", maybe)
		return true, nil
	case "done":
		return true, g.pop("loop")
	}
	return false, nil
}

// openBlock opens the block in braces that follows a command: that of a function, a menu entry or a
// submenu.
func (g *grub) openBlock(w []string) {
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
		return strings.Contains(s, "(recovery mode)") ||
			strings.HasPrefix(s, "gnulinux-") && strings.Contains(s, "-recovery-")
	})
}

// branch goes to the next branch of an if, whose condition is t.
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

// findEntry returns the menu entry that the current place is in, if there is one.
func (g *grub) findEntry() (frame, bool) {
	if n := len(g.stack); n > 0 && g.stack[n-1].entry > 0 {
		return g.stack[g.stack[n-1].entry-1], true
	}
	return frame{}, false
}

// runSimple carries out a command that opens no block.
func (g *grub) runSimple(w []string, line int) error {
	entry, inside := g.findEntry()
	exec := g.exec()
	if g.runVariable(w, line, exec, inside) {
		return nil
	}
	switch w[0] {
	case "password", "password_pbkdf2":
		if len(w) > 2 {
			user, _ := g.expand(w[1])
			g.passwords = append(g.passwords, password{user, w[0] != "password", g.source, line, exec})
		}
	case "linux", "linux16", "linuxefi", "module", "module2":
		if strings.HasPrefix(w[0], "module") && (len(w) < 2 || !strings.Contains(path.Base(w[1]), "vmlinu")) {
			return nil // of another system than Linux, or an initial disk
		}
		g.addEntry(w, entry, line)
	case "blscfg":
		g.bls = max(g.bls, exec)
	case "load_env":
		return g.loadEnv(w[1:], exec)
	case "eval", "legacy_source", "syslinux_source", "extract_entries_source", "extract_syslinux_entries_source":
		if !inside {
			return fmt.Errorf("%s, whose commands are not followed: %w", w[0], inventory.ErrUnavailable)
		}
	case "source", ".", "configfile", "normal":
		return g.runScript(w, line, exec, inside)
	}
	return nil
}

// runVariable carries out a command that sets, unsets or exports variables. It reports whether the
// command is one of these.
func (g *grub) runVariable(w []string, line int, exec truth, inside bool) bool {
	if k, v, ok := strings.Cut(w[0], "="); ok && len(w) == 1 {
		g.set(k, v, line, exec, inside)
		return true
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
	default:
		return false
	}
	return true
}

// addEntry adds the kernel that a command such as "linux FILE PARAMETERS" starts.
func (g *grub) addEntry(w []string, in frame, line int) {
	e := Entry{Title: in.title, Recovery: in.recovery, Position: inventory.Position{Source: g.source, Line: line}}
	if len(w) > 2 {
		e.Parameters, e.Possible = g.parseParameters(strings.Join(w[2:], " "))
	}
	g.entries = append(g.entries, e)
}

// parseParameters reads a command line, in which variables stand between two NULs. Parameters from
// a variable with several possible values are possible, all others are certain.
func (g *grub) parseParameters(text string) (certain, possible kernel.Parameters) {
	size := 0
	for i, part := range strings.Split(text, "\x00") {
		if i%2 == 1 {
			for _, v := range g.vars[part] {
				size += 1 + len(v)
			}
		}
	}
	if !g.fits(size) {
		return nil, nil
	}
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
	return parseWords(sure.String(), g.limit, &g.over), parseWords(all.String(), g.limit, &g.over)
}

// fits takes the bytes of an expansion from the budget, and reports whether they were left.
func (g *grub) fits(size int) bool {
	if g.over == nil {
		g.over = g.limit.Expanded(size)
	}
	return g.over == nil
}

// parseWords reads a command line whose words are taken from the budget. Once it is used up, it
// returns nothing, and over is the error.
func parseWords(text string, limit *budget.Budget, over *error) kernel.Parameters {
	if *over == nil {
		*over = limit.Items(countWords(text))
	}
	if *over != nil {
		return nil
	}
	return kernel.ParseCommandLine(text)
}

// countWords counts the words of a text.
func countWords(text string) int {
	n := 0
	for range strings.FieldsSeq(text) {
		n++
	}
	return n
}

// runScript follows a command that reads another script. In a menu entry it starts another system,
// and is ignored.
func (g *grub) runScript(w []string, line int, exec truth, inside bool) error {
	if inside || w[0] == "normal" && len(w) < 2 {
		return nil
	}
	if len(w) < 2 {
		return nil
	}
	name, ok := g.findFile(w[1])
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
