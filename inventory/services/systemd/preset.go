package systemd

import (
	"errors"
	"io/fs"
	"iter"
	"slices"
	"strings"
)

// Preset is what systemctl preset would do with a unit, systemd.preset(5).
type Preset string

// The presets.
const (
	PresetNone    Preset = ""        // systemctl prints "-": the unit is an alias, static, generated or transient
	PresetEnable  Preset = "enabled" // also where no rule matches the unit
	PresetDisable Preset = "disabled"
	PresetIgnore  Preset = "ignored" // the unit is left as it is
	PresetUnknown Preset = "n/a"     // systemctl cannot read the preset files: one of them is a folder
)

// presetRule is one line of a preset file.
type presetRule struct {
	action    Preset
	pattern   string
	instances []string // for "enable": the instances of the template in pattern
}

// presets are the rules of a system. The first rule that matches decides.
type presets struct {
	rules   []presetRule
	seen    map[string]bool // the patterns of rules without instances
	invalid bool            // the preset files cannot be read
}

// parsePresets reads a preset file. As in systemd 252, lines with an unknown word are skipped,
// except for words that later versions know.
func parsePresets(b []byte) iter.Seq[presetRule] {
	return func(yield func(presetRule) bool) {
		for text := string(b); text != ""; {
			var line string
			line, text = cutLine(text)
			s := strings.Trim(line, blanks)
			if s == "" || s[0] == '#' || s[0] == ';' {
				continue
			}
			word, arg := s, ""
			if i := strings.IndexAny(s, blanks); i >= 0 {
				word, arg = s[:i], strings.TrimLeft(s[i:], blanks)
			}
			if arg == "" {
				continue
			}
			var r presetRule
			switch word {
			case "enable":
				f := strings.FieldsFunc(arg, func(r rune) bool { return strings.ContainsRune(blanks, r) })
				r = presetRule{PresetEnable, f[0], f[1:]}
			case "disable":
				r = presetRule{PresetDisable, arg, nil}
			case "ignore":
				r = presetRule{PresetIgnore, arg, nil}
			default:
				continue
			}
			if !yield(r) {
				return
			}
		}
	}
}

// lookup returns the preset of a unit in a state.
func (p *presets) lookup(u unitName, s State) Preset {
	switch {
	case s == Alias || s == Static || s == Generated || s == Transient:
		return PresetNone
	case p.invalid:
		return PresetUnknown
	}
	for _, r := range p.rules {
		if r.matches(u) {
			return r.action
		}
	}
	return PresetEnable
}

// matches reports whether the rule is about a unit.
func (r *presetRule) matches(u unitName) bool {
	if u.kind == instance && r.pattern == u.template() && slices.Contains(r.instances, u.instance) {
		return true
	}
	return fnmatch(r.pattern, u.full)
}

// readPresets reads the preset files. Of files with the same name the one in the first folder
// counts.
func (t *tree) readPresets() *presets {
	p := &presets{seen: map[string]bool{}}
	files := map[string]string{}
	for _, dir := range presetPath {
		if dir == "lib/systemd/system-preset" && !t.split {
			continue
		}
		for _, e := range t.list(dir) {
			if _, ok := files[e.name]; !ok && strings.HasSuffix(e.name, ".preset") && e.name[0] != '.' {
				files[e.name] = dir + "/" + e.name
			}
		}
	}
	sorted := make([]string, 0, len(files))
	for name := range files {
		sorted = append(sorted, name)
	}
	slices.Sort(sorted)
	for _, name := range sorted {
		p.readFile(t, files[name])
	}
	return p
}

// costOfRule is how many items a rule counts for, as each is compared with each unit.
const costOfRule = 10

// readFile adds the rules of one file.
func (p *presets) readFile(t *tree, path string) {
	real, k, err := t.resolveAll(path)
	switch {
	case errors.Is(err, errLoop) || k == folder || k == other:
		p.invalid = true
	case err == nil && k == regular && t.canRead():
		b, err := fs.ReadFile(t.fs, real)
		if err != nil {
			t.err = err
		}
		for r := range parsePresets(b) {
			if r.action == PresetIgnore && !t.after252() || p.seen[r.pattern] {
				continue
			}
			if len(r.instances) == 0 {
				p.seen[r.pattern] = true // what comes after it for the same pattern decides nothing
			}
			if t.take(path, costOfRule+len(r.instances)); t.err != nil {
				return
			}
			p.rules = append(p.rules, r)
		}
	}
}
