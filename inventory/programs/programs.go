// Package programs tells what a system runs as root, and which files and folders decide that:
// programs, the scripts that shells and other interpreters read, what wrappers such as env(1) and
// flock(1) start, the folders in which a name is searched for, libraries that the environment names,
// and the files that say all this. It is one answer for services, jobs, hooks and start files.
//
// A text of the shell is followed as far as words tell: assignments, functions, loops over known
// words and files that it sources. Not followed are programs whose name is worked out by other
// programs, the code of other languages but for modules of Python beside a script, and what programs
// do with their arguments, except that an argument which is an executable file counts as run. Where
// the program of a unit or job is itself worked out, it is unknown, which [Found] says.
//
// The sources are systemd.exec(5), systemd.service(5), crontab(5), sh(1), bash(1), ld.so(8),
// execve(2), python3(1), perlrun(1) and the manual pages of the wrappers.
package programs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/files"
	"github.com/hardening-sdk/hardening/inventory/filetree"
)

// Use is a file or folder that decides what root runs.
type Use struct {
	inventory.Position // what names it

	Name string // in the tree; it need not exist
	As   string // what it is: "run", "sourced", "searched for programs"
	// Searched means that it is a folder in which something is searched for, so that a file that is
	// added to it may be run.
	Searched bool
}

// Command is one command that is run.
type Command struct {
	Program string   // in the tree; it exists
	Args    []string // what is not known of them is left out
	// Doubt means that a text of the shell may not get to it: it is in an if, a loop, a case or a function,
	// behind another command that has to fail or to succeed, or behind an exit.
	Doubt bool
}

// Found is what something runs.
type Found struct {
	Uses []Use
	// Commands are the commands, wrappers and what they start each one, in the order in which they are
	// followed.
	Commands []Command
	// Unknown says what could not be followed, each an [inventory.ErrUnavailable].
	Unknown []error
}

// Follower follows commands. It keeps what it found and looks at each file once, and so belongs to
// one handle of a system and one goroutine.
type Follower struct {
	ctx   context.Context
	sys   *inventory.System
	ways  files.Ways
	left  budget.Budget
	there map[string]int // what is under a name
	found Found
	seen  map[Use]bool
	doing map[string]bool // scripts that have been followed
	runs  int             // commands that were followed
	err   error           // the first failed read

	manager map[string][]inventory.Setting // lines of the manager's files, by their pattern
}

// NewFollower returns a Follower that reads through a system.
func NewFollower(ctx context.Context, sys *inventory.System) *Follower {
	return &Follower{ctx: ctx, sys: sys, there: map[string]int{}}
}

// begin forgets what was found.
func (f *Follower) begin() {
	f.found, f.seen, f.doing, f.err, f.left, f.runs = Found{}, map[Use]bool{}, map[string]bool{}, nil, budget.Budget{}, 0
}

// end returns what was found since begin.
func (f *Follower) end() (Found, error) { return f.found, f.err }

// fail keeps the first error.
func (f *Follower) fail(err error) {
	if f.err == nil && err != nil {
		f.err = err
	}
}

// use adds a file or folder. A name is a path in the tree without the first slash.
func (f *Follower) use(p inventory.Position, name, as string) { f.add(p, name, as, false) }

// search adds a folder in which something is searched for.
func (f *Follower) search(p inventory.Position, name, as string) { f.add(p, name, as, true) }

func (f *Follower) add(p inventory.Position, name, as string, searched bool) {
	name = strings.TrimPrefix(path.Clean("/"+name), "/")
	if name == "" {
		name = "."
	}
	if ofKernel(name) || f.err != nil {
		return
	}
	u := Use{Name: name, As: as, Searched: searched}
	if f.seen[u] {
		return
	}
	f.seen[u] = true
	if err := f.left.Items(1); err != nil {
		f.fail(fmt.Errorf("%s: %w", p.Place(), err))
		return
	}
	u.Position = p
	f.found.Uses = budget.Append(f.found.Uses, u)
}

// ofKernel reports whether a name is one that the kernel makes, and not a user: neither a program nor
// a place for one.
func ofKernel(name string) bool {
	first, rest, _ := strings.Cut(name, "/")
	return first == "proc" || first == "sys" || first == "dev" && rest != "shm" && !strings.HasPrefix(rest, "shm/")
}

// maxUnknown bounds what is said of one command.
const maxUnknown = 5

// doubt adds that something is not known.
func (f *Follower) doubt(p inventory.Position, what string) {
	if len(f.found.Unknown) < maxUnknown {
		f.found.Unknown = append(f.found.Unknown, fmt.Errorf("%s: %s: %w", p.Place(), what, inventory.ErrUnavailable))
	}
}

// What is under a name, links followed.
const (
	nothing = iota + 1
	folder
	plain      // a regular file
	executable // a regular file that somebody may execute
	other
)

// look returns what is under a path.
func (f *Follower) look(name string) int {
	name = strings.TrimPrefix(path.Clean("/"+name), "/")
	if name == "" {
		return folder
	}
	if ofKernel(name) {
		return other
	}
	if kind, ok := f.there[name]; ok {
		return kind
	}
	x, err := files.Follow(f.ctx, f.sys, name)
	kind := other
	switch {
	case err != nil && inventory.IsAbsent(err, name):
		kind = nothing
		// What is there all the same has changed in the meantime.
		if _, there, err := f.ways.Find(f.ctx, f.sys, name); there && err == nil {
			f.fail(fmt.Errorf("%s: %w", name, filetree.ErrChanged))
		}
	case err != nil:
		f.fail(err)
		return nothing
	case x.Mode.IsDir():
		kind = folder
	case x.Mode.IsRegular() && x.Mode.Perm()&0o111 != 0:
		kind = executable
	case x.Mode.IsRegular():
		kind = plain
	}
	f.there[name] = kind
	return kind
}

// real returns the last part of a name behind all links.
func (f *Follower) real(name string) string {
	real, there, err := f.ways.Real(f.ctx, f.sys, strings.TrimPrefix(name, "/"))
	if err != nil || !there {
		return path.Base(name)
	}
	return path.Base(real)
}

// maxScript is how much of a script is read.
const maxScript = 512 << 10

// shared reports whether other facts are made of a file as well.
func shared(name string) bool {
	return strings.HasPrefix(name, "etc/") || strings.HasPrefix(name, "lib/modprobe.d/") || strings.HasPrefix(path.Base(name), ".")
}

// script is a text that an interpreter reads, or nothing where the file is no text.
var script = inventory.NewKeyed("script", readScript)

func readScript(ctx context.Context, s *inventory.System, name string) (string, error) {
	if shared(name) {
		b, err := s.ReadOnce(ctx, name)
		if inventory.IsAbsent(err, name) {
			return "", nil
		}
		return string(b), err
	}
	x, err := s.FS(ctx).Open(name)
	if inventory.IsAbsent(err, name) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	defer x.Close()
	head := make([]byte, 64)
	n, err := io.ReadFull(x, head)
	head = head[:n]
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return "", err
	}
	if slices.Contains(head, 0) || strings.HasPrefix(string(head), "\x7fELF") {
		return "", nil
	}
	rest, err := io.ReadAll(io.LimitReader(x, maxScript+1))
	if err != nil {
		return "", err
	}
	if len(rest) > maxScript {
		return "", fmt.Errorf("%s: a script of more than %d bytes: %w", name, maxScript, inventory.ErrLimit)
	}
	return string(head) + string(rest), nil
}

// read returns the text of a script.
func (f *Follower) read(name string) string {
	if f.look(name) != plain && f.look(name) != executable || f.err != nil {
		return ""
	}
	// By the name behind links, so that it is read once under all of its names.
	clean := path.Clean("/" + name)[1:]
	if clean == "usr/lib/os-release" && f.look("etc/os-release") == plain {
		clean = "etc/os-release" // which others read
	}
	real, there, err := f.ways.Real(f.ctx, f.sys, clean)
	if shared(clean) {
		real = clean
	}
	text := ""
	if err == nil && there {
		text, err = script.Of(f.ctx, f.sys, real)
	}
	if err != nil {
		f.fail(err)
	}
	return text
}
