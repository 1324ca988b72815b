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

func kind[P maker](name string, needs ...check.Needs) baseline.Kind {
	return baseline.NewKind(name, func(p P) (check.Check, error) { return p.Check() }, needs...)
}

// Kinds returns all ready-made checks, sorted by name.
func Kinds() []baseline.Kind {
	return []baseline.Kind{
		kind[account.ChangedInPast]("account.changed-in-past", check.NeedsPrivileges),
		kind[account.EmptyPassword]("account.empty-password", check.NeedsPrivileges),
		kind[account.GroupsExist]("account.groups-exist"),
		kind[account.Hashing]("account.hashing", check.NeedsPrivileges),
		kind[account.HomesPrivate]("account.homes-private"),
		kind[account.InactiveLocked]("account.inactive-locked", check.NeedsPrivileges),
		kind[account.NoLegacyEntries]("account.no-legacy-entries", check.NeedsPrivileges),
		kind[account.NoTrustFiles]("account.no-trust-files", check.NeedsPrivileges),
		kind[account.PasswordAge]("account.password-age", check.NeedsPrivileges),
		kind[account.RescuePassword]("account.rescue-password", check.NeedsPrivileges),
		kind[account.Superusers]("account.superusers"),
		kind[account.SystemLocked]("account.system-locked", check.NeedsPrivileges),
		kind[account.Unique]("account.unique"),
		kind[audit.Complete]("audit.complete", check.NeedsPrivileges),
		kind[audit.Control]("audit.control", check.NeedsPrivileges),
		kind[audit.Kept]("audit.log-kept", check.NeedsPrivileges),
		kind[audit.Private]("audit.log-private", check.NeedsPrivileges),
		kind[audit.Calls]("audit.syscalls", check.NeedsPrivileges),
		kind[audit.Watch]("audit.watch", check.NeedsPrivileges),
		kind[banner.Reveals]("banner.reveals"),
		kind[banner.Warns]("banner.warns"),
		kind[boot.Locked]("boot.locked", check.NeedsPrivileges),
		kind[boot.Parameters]("boot.parameters", check.NeedsPrivileges),
		kind[boot.SecretsPrivate]("boot.secrets-private", check.NeedsPrivileges),
		kind[clock.One]("clock.one", check.NeedsPrivileges),
		kind[clock.Sources]("clock.sources"),
		kind[confinement.Enforced]("confinement.enforced"),
		kind[confinement.On]("confinement.on", check.NeedsLive, check.NeedsPrivileges),
		kind[console.NeedsLogin]("console.needs-login", check.NeedsPrivileges),
		kind[cron.ProgramsProtected]("cron.programs-protected", check.NeedsPrivileges),
		kind[encryption.Policy]("encryption.policy"),
		kind[encryption.Swap]("encryption.swap", check.NeedsLive),
		kind[encryption.Volumes]("encryption.volumes", check.NeedsLive),
		kind[file.Below]("file.below", check.NeedsPrivileges),
		kind[file.Capabilities]("file.capabilities", check.NeedsWalk, check.NeedsPrivileges),
		kind[file.Permissions]("file.permissions"),
		kind[file.Present]("file.present"),
		kind[file.Setuid]("file.setuid", check.NeedsWalk, check.NeedsPrivileges),
		kind[file.Sticky]("file.sticky", check.NeedsWalk, check.NeedsPrivileges),
		kind[file.Unowned]("file.unowned", check.NeedsWalk, check.NeedsPrivileges),
		kind[file.WorldWritable]("file.world-writable", check.NeedsWalk, check.NeedsPrivileges),
		kind[firewall.DefaultDeny]("firewall.default-deny", check.NeedsPrivileges),
		kind[firewall.On]("firewall.on"),
		kind[firewall.One]("firewall.one"),
		kind[hostsaccess.DefaultDeny]("hostsaccess.default-deny"),
		kind[kernel.Built]("kernel.built"),
		kind[kernel.Flaws]("kernel.flaws", check.NeedsLive),
		kind[kernel.Lockdown]("kernel.lockdown", check.NeedsLive),
		kind[kernel.Settings]("kernel.settings", check.NeedsLive),
		kind[logging.Elsewhere]("logging.elsewhere"),
		kind[logging.Encrypted]("logging.encrypted"),
		kind[logging.NewFiles]("logging.new-files"),
		kind[logging.NoReception]("logging.no-reception"),
		kind[logging.Persistent]("logging.persistent"),
		kind[logging.Rotation]("logging.rotation"),
		kind[module.Blocked]("module.blocked", check.NeedsPrivileges),
		kind[mount.Options]("mount.options", check.NeedsLive),
		kind[pam.Dictionary]("pam.dictionary"),
		kind[pam.Hashing]("pam.hashing"),
		kind[pam.History]("pam.history"),
		kind[pam.Lockout]("pam.lockout"),
		kind[pam.MinimumLength]("pam.minimum-length"),
		kind[pam.OptionAbsent]("pam.option-absent"),
		kind[pam.SuRestricted]("pam.su-restricted"),
		kind[patch.Automatic]("patch.automatic"),
		kind[patch.Fresh]("patch.fresh", check.NeedsLive),
		kind[patch.NoRestart]("patch.no-restart", check.NeedsLive),
		kind[patch.Supported]("patch.supported"),
		kind[patch.SupportedWindows]("patch.supported-windows"),
		kind[registry.Value]("registry.value"),
		kind[service.Off]("service.off"),
		kind[service.On]("service.on", check.NeedsPrivileges),
		kind[service.Orphans]("service.orphans", check.NeedsPrivileges),
		kind[service.Protected]("service.protected"),
		kind[session.CoreDumpsDropped]("session.core-dumps-dropped"),
		kind[session.NoCoreDumps]("session.no-core-dumps"),
		kind[session.RootPath]("session.root-path", check.NeedsPrivileges),
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
		kind[ssh.HostKeys]("ssh.host-keys", check.NeedsPrivileges),
		kind[ssh.KeysProtected]("ssh.keys-protected", check.NeedsPrivileges),
		kind[ssh.StrongKeys]("ssh.keys-strong", check.NeedsPrivileges),
		kind[ssh.SecondFactor]("ssh.second-factor"),
		kind[sudo.NoExceptions]("sudo.no-exceptions", check.NeedsPrivileges),
		kind[sudo.NotForAll]("sudo.not-for-all", check.NeedsPrivileges),
		kind[sudo.PasswordsAsked]("sudo.passwords-asked", check.NeedsPrivileges),
		kind[sudo.Setting]("sudo.setting", check.NeedsPrivileges),
		kind[usb.Authorized]("usb.authorised", check.NeedsPrivileges),
		kind[winservice.Disabled]("winservice.disabled"),
	}
}

// Catalogs returns the catalogs that references of baselines are held to.
func Catalogs() []*control.Catalog {
	return []*control.Catalog{hipaa.Rule(), control.SP80053()}
}

//go:embed *.yaml
var files embed.FS

// Names returns the names of the baselines that come with the library, sorted.
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

// Load returns the baseline of a name.
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

// Options returns how the library's own baselines are loaded: with all kinds and
// catalogs. It serves for the baselines of others as well, with kinds of their own:
//
//	o := builtin.Options()
//	o.Kinds = append(o.Kinds, baseline.NewKind("clinic.motd", Motd.Check))
//	b, err := baseline.Load(ctx, file, "clinic.yaml", o)
func Options() baseline.LoadOptions {
	return baseline.LoadOptions{Kinds: Kinds(), Catalogs: Catalogs()}
}
