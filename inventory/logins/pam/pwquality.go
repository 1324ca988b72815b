package pam

import (
	"context"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
)

// pwqualityDefaults are the defaults of libpwquality 1.4, pwquality.conf(5).
var pwqualityDefaults = map[string]string{
	"difok": "1", "minlen": "8", "dcredit": "0", "ucredit": "0", "lcredit": "0", "ocredit": "0", "minclass": "0",
	"maxrepeat": "0", "maxclassrepeat": "0", "maxsequence": "0", "gecoscheck": "0", "dictcheck": "1", "usercheck": "1",
	"usersubstr": "0", "enforcing": "1", "retry": "1",
}

// pwqualityTexts and pwqualitySwitches are its settings that are not numbers.
var (
	pwqualityTexts    = []string{"badwords", "dictpath"}
	pwqualitySwitches = []string{"enforce_for_root", "local_users_only"}
)

const pwqualityFile = "pwquality.conf"

// readPwquality reads the files in pwquality.conf.d sorted by name, then pwquality.conf, then the
// arguments. The last value of a setting counts. At a line that the library does not understand it
// stops reading files and keeps the values so far; the arguments still count.
func (e Entry) readPwquality(ctx context.Context, s *inventory.System) (Settings, error) {
	files, err := pwquality.Of(ctx, s)
	if err != nil {
		return nil, err
	}
	all := maps.Clone(files)
	for _, a := range e.Args {
		name, value := splitArgument(a)
		all.setQuality(name, value, e.Source, e.Line.Line)
	}
	return all, nil
}

// pwquality is what the files set. Many entries have the same files.
var pwquality = inventory.NewFact("pwquality", collectPwquality)

func collectPwquality(ctx context.Context, s *inventory.System) (Settings, error) {
	all := newSettings(pwqualityDefaults)
	files, err := listPwqualityFiles(ctx, s)
	if err != nil {
		return nil, err
	}
	for _, name := range files {
		b, err := s.ReadOnce(ctx, name)
		if err != nil {
			return nil, err
		}
		understood := findLong(b) == 0
		for p := range parsePairs(b) {
			if !all.setQuality(p.name, p.value, name, p.line) {
				understood = false
				break
			}
		}
		if !understood {
			break
		}
	}
	return all, nil
}

// listPwqualityFiles returns the files in the order in which the library reads them.
func listPwqualityFiles(ctx context.Context, s *inventory.System) ([]string, error) {
	// A file in etc hides the file of the same name in usr/lib.
	chosen := map[string]string{}
	for _, dir := range []string{"usr/lib/security/" + pwqualityFile + ".d", "etc/security/" + pwqualityFile + ".d"} {
		entries, err := s.ReadDir(ctx, dir)
		if inventory.IsAbsent(err, dir) {
			continue
		}
		if err != nil {
			return nil, err
		}
		for _, d := range entries {
			if strings.Index(d.Name(), ".conf") == len(d.Name())-len(".conf") && len(d.Name()) >= len(".conf") {
				chosen[d.Name()] = dir + "/" + d.Name()
			}
		}
	}
	var files []string
	for _, last := range slices.Sorted(maps.Keys(chosen)) {
		files = append(files, chosen[last])
	}
	// Only the first main file counts.
	for _, dir := range []string{"etc", "usr/lib"} {
		name := dir + "/security/" + pwqualityFile
		_, err := s.Stat(ctx, name)
		if inventory.IsAbsent(err, name) {
			continue
		}
		return append(files, name), err
	}
	return files, nil
}

// setQuality sets a value. It reports whether the library understands it.
func (s Settings) setQuality(name, value, source string, line int) bool {
	name = strings.ToLower(name)
	if slices.Contains(pwqualitySwitches, name) {
		s.set(name, on, source, line)
		return true
	}
	if slices.Contains(pwqualityTexts, name) {
		return true // their values are words of passwords, which are not kept
	}
	if _, ok := pwqualityDefaults[name]; !ok {
		return false
	}
	n, err := strconv.ParseInt(strings.TrimLeft(value, blanks), 10, 32)
	if err != nil || n == math.MaxInt32 || n == math.MinInt32 {
		return false // the library takes the largest and the least number for an overflow
	}
	if name == "minlen" {
		n = max(n, 6)
	}
	s.set(name, strconv.FormatInt(n, 10), source, line)
	return true
}

// Shortest returns the length of the shortest password that the settings of pam_pwquality or
// pam_cracklib accept. A credit above 0 counts for as many characters as there are of its class. A
// credit below 0 requires as many.
func (s Settings) Shortest() int {
	const many = 1 << 28 // longer than any password, and sums of it do not overflow
	least, _ := s.Number("minlen")
	least = min(least, many)
	credit, asked := 0, 0
	for _, name := range []string{"dcredit", "ucredit", "lcredit", "ocredit"} {
		if n, _ := s.Number(name); n > 0 {
			credit += min(n, many)
		} else {
			asked += min(-n, many)
		}
	}
	// Of n characters at most n-asked count for a credit.
	return max(asked, least-credit, (least+asked+1)/2)
}

// cracklibDefaults are the defaults of pam_cracklib, pam_cracklib(8).
var cracklibDefaults = map[string]string{"minlen": "9", "dcredit": "1", "ucredit": "1", "lcredit": "1", "ocredit": "1"}

// readCracklib reads the arguments of pam_cracklib.
func (e Entry) readCracklib() Settings {
	all := newSettings(cracklibDefaults)
	for _, a := range e.Args {
		name, value := splitArgument(a)
		if _, ok := cracklibDefaults[name]; !ok {
			continue
		}
		n, err := strconv.ParseInt(value, 10, 32)
		if err != nil {
			n = 0
		}
		if name == "minlen" {
			n = max(n, 6)
		}
		all.set(name, strconv.FormatInt(n, 10), e.Source, e.Line.Line)
	}
	return all
}
