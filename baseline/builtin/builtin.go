// Package builtin holds the baselines that come with the library and the set of all its
// ready-made checks, for loading them and others.
package builtin

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/baseline"
	"github.com/hardening-sdk/hardening/baseline/control"
	"github.com/hardening-sdk/hardening/check"
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

// maker is what the arguments of every ready-made check are: a struct that makes it.
type maker interface{ Check() (check.Check, error) }

func kind[P maker](name string) baseline.Kind {
	return baseline.NewKind(name, func(p P) (check.Check, error) { return p.Check() })
}

// Kinds answers all ready-made checks, sorted by name.
func Kinds() []baseline.Kind {
	return []baseline.Kind{
		kind[account.ChangedInPast]("account.changed-in-past"),
		kind[account.EmptyPassword]("account.empty-password"),
		kind[account.GroupsExist]("account.groups-exist"),
		kind[account.Hashing]("account.hashing"),
		kind[account.HomesPrivate]("account.homes-private"),
		kind[account.InactiveLocked]("account.inactive-locked"),
		kind[account.NoLegacyEntries]("account.no-legacy-entries"),
		kind[account.NoTrustFiles]("account.no-trust-files"),
		kind[account.PasswordAge]("account.password-age"),
		kind[account.RescuePassword]("account.rescue-password"),
		kind[account.Superusers]("account.superusers"),
		kind[account.SystemLocked]("account.system-locked"),
		kind[account.Unique]("account.unique"),
		kind[audit.Complete]("audit.complete"),
		kind[audit.Control]("audit.control"),
		kind[audit.Kept]("audit.log-kept"),
		kind[audit.Private]("audit.log-private"),
		kind[audit.Calls]("audit.syscalls"),
		kind[audit.Watch]("audit.watch"),
		kind[banner.Reveals]("banner.reveals"),
		kind[banner.Warns]("banner.warns"),
		kind[boot.Locked]("boot.locked"),
		kind[boot.Parameters]("boot.parameters"),
		kind[boot.SecretsPrivate]("boot.secrets-private"),
		kind[clock.One]("clock.one"),
		kind[clock.Sources]("clock.sources"),
		kind[confinement.Enforced]("confinement.enforced"),
		kind[confinement.On]("confinement.on"),
		kind[console.NeedsLogin]("console.needs-login"),
		kind[cron.ProgramsProtected]("cron.programs-protected"),
		kind[encryption.Policy]("encryption.policy"),
		kind[encryption.Swap]("encryption.swap"),
		kind[encryption.Volumes]("encryption.volumes"),
		kind[file.Below]("file.below"),
		kind[file.Capabilities]("file.capabilities"),
		kind[file.Permissions]("file.permissions"),
		kind[file.Present]("file.present"),
		kind[file.Setuid]("file.setuid"),
		kind[file.Sticky]("file.sticky"),
		kind[file.Unowned]("file.unowned"),
		kind[file.WorldWritable]("file.world-writable"),
		kind[firewall.DefaultDeny]("firewall.default-deny"),
		kind[firewall.On]("firewall.on"),
		kind[firewall.One]("firewall.one"),
		kind[hostsaccess.DefaultDeny]("hostsaccess.default-deny"),
		kind[kernel.Built]("kernel.built"),
		kind[kernel.Flaws]("kernel.flaws"),
		kind[kernel.Lockdown]("kernel.lockdown"),
		kind[kernel.Settings]("kernel.settings"),
		kind[logging.Elsewhere]("logging.elsewhere"),
		kind[logging.Encrypted]("logging.encrypted"),
		kind[logging.NewFiles]("logging.new-files"),
		kind[logging.NoReception]("logging.no-reception"),
		kind[logging.Persistent]("logging.persistent"),
		kind[logging.Rotation]("logging.rotation"),
		kind[module.Blocked]("module.blocked"),
		kind[mount.Options]("mount.options"),
		kind[pam.Dictionary]("pam.dictionary"),
		kind[pam.Hashing]("pam.hashing"),
		kind[pam.History]("pam.history"),
		kind[pam.Lockout]("pam.lockout"),
		kind[pam.MinimumLength]("pam.minimum-length"),
		kind[pam.OptionAbsent]("pam.option-absent"),
		kind[pam.SuRestricted]("pam.su-restricted"),
		kind[patch.Automatic]("patch.automatic"),
		kind[patch.Fresh]("patch.fresh"),
		kind[patch.NoRestart]("patch.no-restart"),
		kind[patch.Supported]("patch.supported"),
		kind[patch.SupportedWindows]("patch.supported-windows"),
		kind[registry.Value]("registry.value"),
		kind[service.Off]("service.off"),
		kind[service.On]("service.on"),
		kind[service.Orphans]("service.orphans"),
		kind[service.Protected]("service.protected"),
		kind[session.CoreDumpsDropped]("session.core-dumps-dropped"),
		kind[session.NoCoreDumps]("session.no-core-dumps"),
		kind[session.RootPath]("session.root-path"),
		kind[session.Timeout]("session.timeout"),
		kind[session.Umask]("session.umask"),
		kind[setting.Value]("setting.value"),
		kind[software.Absent]("software.absent"),
		kind[software.Complete]("software.complete"),
		kind[software.NoHolds]("software.no-holds"),
		kind[software.NoLeftovers]("software.no-leftovers"),
		kind[software.Present]("software.present"),
		kind[software.Signed]("software.signed"),
		kind[ssh.Client]("ssh.client"),
		kind[ssh.Directive]("ssh.directive"),
		kind[ssh.HostKeys]("ssh.host-keys"),
		kind[ssh.KeysProtected]("ssh.keys-protected"),
		kind[ssh.StrongKeys]("ssh.keys-strong"),
		kind[ssh.SecondFactor]("ssh.second-factor"),
		kind[sudo.NoExceptions]("sudo.no-exceptions"),
		kind[sudo.NotForAll]("sudo.not-for-all"),
		kind[sudo.PasswordsAsked]("sudo.passwords-asked"),
		kind[sudo.Setting]("sudo.setting"),
		kind[usb.Authorised]("usb.authorised"),
		kind[winservice.Disabled]("winservice.disabled"),
	}
}

// Catalogs answers the catalogs that references of baselines are held to.
func Catalogs() []*control.Catalog {
	return []*control.Catalog{hipaa.Rule(), control.SP80053()}
}

//go:embed *.yaml
var files embed.FS

// Names answers the names of the baselines that come with the library, sorted.
func Names() []string {
	all, err := fs.Glob(files, "*.yaml")
	if err != nil {
		panic(err) // the pattern is well-formed
	}
	for i, name := range all {
		all[i] = strings.TrimSuffix(name, ".yaml")
	}
	return all
}

// Load answers the baseline of a name.
func Load(ctx context.Context, name string) (*baseline.Baseline, error) {
	if !slices.Contains(Names(), name) {
		return nil, fmt.Errorf("no baseline %q, there are %q", name, Names())
	}
	b, err := files.ReadFile(name + ".yaml")
	if err != nil {
		return nil, err
	}
	return baseline.Load(ctx, bytes.NewReader(b), name+".yaml", Options())
}

// Options answers how the library's own baselines are loaded: with all kinds and
// catalogs. It serves for the baselines of others as well.
func Options() baseline.LoadOptions {
	return baseline.LoadOptions{Kinds: Kinds(), Catalogs: Catalogs()}
}
