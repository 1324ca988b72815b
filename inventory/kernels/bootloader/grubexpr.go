package bootloader

import (
	"errors"
	"io/fs"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/inventory/filetree"
)

// set gives a variable a value. Where the command may not be carried out, or is in a menu entry,
// the value is one more possible one.
func (g *grub) set(k, v string, line int, exec truth, inside bool) {
	value, _ := g.expand(v)
	if k == "superusers" && !inside {
		isEnd := func(r rune) bool { return strings.ContainsRune(" ,;|&", r) }
		n := 1
		for range strings.FieldsFuncSeq(value, isEnd) {
			n++
		}
		if g.over == nil {
			g.over = g.limit.Items(n)
		}
		if g.over != nil {
			return
		}
		names := strings.FieldsFunc(value, isEnd)
		s := superusers{names, true, g.source, line}
		if exec == yes {
			g.super = nil
		} else if len(g.super) == 0 {
			g.super = []superusers{{}} // it may stay unset
		}
		g.super = append(g.super, s)
	}
	if exec == yes && !inside {
		g.vars[k] = []string{value}
	} else if !slices.Contains(g.vars[k], value) && len(g.vars[k]) < 16 {
		if len(g.vars[k]) == 0 {
			g.vars[k] = []string{""}
		}
		g.vars[k] = append(g.vars[k], value)
	}
}

// unset removes a variable.
func (g *grub) unset(k string, exec truth, inside bool) {
	if k == "superusers" && !inside {
		if exec == yes {
			g.super = nil
		}
		g.super = append(g.super, superusers{})
	}
	if exec == yes && !inside {
		delete(g.vars, k)
	}
}

// expand returns the value of a word, and whether the value is certain. In the value a NUL stands
// for the folder of the script.
func (g *grub) expand(word string) (string, bool) {
	if strings.IndexByte(word, 0) < 0 {
		return word, true
	}
	size := 0
	for i, part := range strings.Split(word, "\x00") {
		if values := g.vars[part]; i%2 == 1 && len(values) > 0 {
			size += len(values[len(values)-1])
		}
	}
	if !g.fits(size) {
		return "", false
	}
	var out strings.Builder
	known := true
	for i, part := range strings.Split(word, "\x00") {
		if i%2 == 0 {
			out.WriteString(part)
			continue
		}
		values := g.vars[part]
		switch {
		case part == "prefix" || part == "config_directory":
			out.WriteString("\x00")
		case len(values) == 1:
			out.WriteString(values[0])
		case len(values) > 1:
			out.WriteString(values[len(values)-1])
			known = false
		case part != "GRUB2_PASSWORD":
			known = false
		}
	}
	return out.String(), known
}

// evalCondition evaluates the command behind "if". A command other than "[" may be true.
func (g *grub) evalCondition(w []string) (truth, error) {
	if len(w) < 3 || w[0] != "[" || w[len(w)-1] != "]" {
		return maybe, nil
	}
	w = w[1 : len(w)-1]
	if w[0] == "!" {
		t, err := g.evalTest(w[1:])
		return yes - t, err
	}
	return g.evalTest(w)
}

// evalTest evaluates the words of a test: of a file, of an empty value, or a comparison.
func (g *grub) evalTest(w []string) (truth, error) {
	switch {
	case len(w) == 2 && (w[0] == "-f" || w[0] == "-e" || w[0] == "-s"):
		return g.testFile(w[1], w[0])
	case len(w) == 2 && (w[0] == "-n" || w[0] == "-z"):
		v, known := g.expand(w[1])
		if !known {
			return maybe, nil
		}
		return truthOf((v != "") == (w[0] == "-n")), nil
	case len(w) == 3 && (w[1] == "=" || w[1] == "==" || w[1] == "!="):
		a, knownA := g.expand(w[0])
		b, knownB := g.expand(w[2])
		if !knownA || !knownB || strings.Contains(a+b, "\x00") {
			return maybe, nil
		}
		return truthOf((a == b) == (w[1] != "!=")), nil
	}
	return maybe, nil
}

// truthOf returns yes or no.
func truthOf(b bool) truth {
	if b {
		return yes
	}
	return no
}

// findFile returns the name of a file in the folder of the script. It reports false if the file is
// elsewhere, such as on a device that only the boot loader knows.
func (g *grub) findFile(word string) (string, bool) {
	v, _ := g.expand(word)
	rest, ok := strings.CutPrefix(v, "\x00/")
	rest = strings.TrimLeft(rest, "/")
	if !ok || !filetree.ValidName(rest) {
		return "", false
	}
	return g.dir + "/" + rest, true
}

// testFile carries out the test -e, -f or -s of a file.
func (g *grub) testFile(word, test string) (truth, error) {
	name, ok := g.findFile(word)
	if !ok {
		return maybe, nil
	}
	info, err := g.sys.Stat(g.ctx, name)
	if errors.Is(err, fs.ErrNotExist) {
		return no, nil
	}
	if err != nil {
		return no, err
	}
	return truthOf(test == "-e" || !info.IsDir() && (test == "-f" || info.Size() > 0)), nil
}
