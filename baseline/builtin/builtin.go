// Package builtin provides the baselines of the library and the list of all its ready-made checks.
//
// The source of a baseline is a folder with a YAML file for each group of rules. A test converts it
// to the JSON file that the package embeds.
package builtin

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"github.com/hardening-sdk/hardening/baseline"
	"github.com/hardening-sdk/hardening/baseline/control"
	"github.com/hardening-sdk/hardening/check/account"
	"github.com/hardening-sdk/hardening/check/audit"
	"github.com/hardening-sdk/hardening/check/banner"
	"github.com/hardening-sdk/hardening/check/boot"
	"github.com/hardening-sdk/hardening/check/clock"
	"github.com/hardening-sdk/hardening/check/confinement"
	"github.com/hardening-sdk/hardening/check/console"
	"github.com/hardening-sdk/hardening/check/cron"
	"github.com/hardening-sdk/hardening/check/encryption"
	"github.com/hardening-sdk/hardening/check/file"
	"github.com/hardening-sdk/hardening/check/firewall"
	"github.com/hardening-sdk/hardening/check/hostsaccess"
	"github.com/hardening-sdk/hardening/check/kernel"
	"github.com/hardening-sdk/hardening/check/kind"
	"github.com/hardening-sdk/hardening/check/logging"
	"github.com/hardening-sdk/hardening/check/module"
	"github.com/hardening-sdk/hardening/check/mount"
	"github.com/hardening-sdk/hardening/check/pam"
	"github.com/hardening-sdk/hardening/check/patch"
	"github.com/hardening-sdk/hardening/check/registry"
	"github.com/hardening-sdk/hardening/check/service"
	"github.com/hardening-sdk/hardening/check/session"
	"github.com/hardening-sdk/hardening/check/setting"
	"github.com/hardening-sdk/hardening/check/software"
	"github.com/hardening-sdk/hardening/check/ssh"
	"github.com/hardening-sdk/hardening/check/sudo"
	"github.com/hardening-sdk/hardening/check/usb"
	"github.com/hardening-sdk/hardening/check/winservice"
	"github.com/hardening-sdk/hardening/hipaa"
)

// Kinds returns all ready-made checks of the library, sorted by name.
func Kinds() []kind.Kind { return slices.Clone(kinds()) }

// kinds declares the kinds on the first call.
var kinds = sync.OnceValue(func() []kind.Kind {
	all := slices.Concat(
		account.Kinds(),
		audit.Kinds(),
		banner.Kinds(),
		boot.Kinds(),
		clock.Kinds(),
		confinement.Kinds(),
		console.Kinds(),
		cron.Kinds(),
		encryption.Kinds(),
		file.Kinds(),
		firewall.Kinds(),
		hostsaccess.Kinds(),
		kernel.Kinds(),
		logging.Kinds(),
		module.Kinds(),
		mount.Kinds(),
		pam.Kinds(),
		patch.Kinds(),
		registry.Kinds(),
		service.Kinds(),
		session.Kinds(),
		setting.Kinds(),
		software.Kinds(),
		ssh.Kinds(),
		sudo.Kinds(),
		usb.Kinds(),
		winservice.Kinds(),
	)
	slices.SortFunc(all, func(a, b kind.Kind) int { return strings.Compare(a.Name(), b.Name()) })
	return all
})

// Catalogs returns the catalogs that the references of rules are validated by: the HIPAA Security
// Rule and NIST SP 800-53.
func Catalogs() []*control.Catalog {
	return []*control.Catalog{hipaa.Rule(), control.SP80053()}
}

//go:embed *.json
var files embed.FS

// Names returns the names of the baselines of the library, sorted.
func Names() []string {
	all, err := fs.Glob(files, "*.json")
	if err != nil {
		panic(err) // the pattern is well-formed
	}
	for i, name := range all {
		all[i] = strings.TrimSuffix(name, ".json")
	}
	return all
}

// Load returns the baseline with the given name, which is one of [Names]. Any other name is an
// error.
func Load(ctx context.Context, name string) (*baseline.Baseline, error) {
	if !slices.Contains(Names(), name) {
		return nil, fmt.Errorf("no baseline %q, there are %q", name, Names())
	}
	b, err := files.ReadFile(name + ".json")
	if err != nil {
		return nil, err
	}
	return baseline.Load(ctx, bytes.NewReader(b), name+".json", Options())
}

// Options returns the options by which [Load] loads baselines: with all kinds, catalogs and
// families. Use it to load other baselines too, possibly with further kinds:
//
//	o := builtin.Options()
//	o.Kinds = append(o.Kinds, kind.New("clinic.motd", Motd.Check))
//	b, err := baseline.Load(ctx, file, "clinic.yaml", o)
func Options() baseline.LoadOptions {
	return baseline.LoadOptions{Kinds: Kinds(), Catalogs: Catalogs(), Families: []*control.Mapping{hipaa.Families()}}
}
