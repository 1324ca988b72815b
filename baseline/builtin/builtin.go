// Package builtin holds the baselines that come with the library and the set of all its
// ready-made checks, for loading them and others. Its baselines are written as YAML, a file for
// each group of rules in a folder of the baseline's name, and embedded as JSON that a test makes of
// them.
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

// maker is what the arguments of every ready-made check are: a struct that makes it.
type maker interface{ Check() (check.Check, error) }

func ready[P maker](name string, needs ...check.Needs) kind.Kind {
	return kind.New(name, func(p P) (check.Check, error) { return p.Check() }, kind.Needs(needs...))
}

// Kinds returns all ready-made checks, sorted by name.
func Kinds() []kind.Kind { return slices.Clone(kinds()) }

// kinds are declared when they are first needed.
var kinds = sync.OnceValue(declare)

func declare() []kind.Kind {
	return []kind.Kind{
		ready[account.ChangedInPast]("account.changed-in-past", check.NeedsPrivileges),
		ready[account.EmptyPassword]("account.empty-password", check.NeedsPrivileges),
		ready[account.GroupsExist]("account.groups-exist"),
		ready[account.Hashing]("account.hashing", check.NeedsPrivileges),
		ready[account.HomesPrivate]("account.homes-private"),
		ready[account.InactiveLocked]("account.inactive-locked", check.NeedsPrivileges),
		ready[account.NoLegacyEntries]("account.no-legacy-entries", check.NeedsPrivileges),
		ready[account.NoTrustFiles]("account.no-trust-files", check.NeedsPrivileges),
		ready[account.PasswordAge]("account.password-age", check.NeedsPrivileges),
		ready[account.RescuePassword]("account.rescue-password", check.NeedsPrivileges),
		ready[account.Superusers]("account.superusers"),
		ready[account.SystemLocked]("account.system-locked", check.NeedsPrivileges),
		ready[account.Unique]("account.unique"),
		ready[audit.Complete]("audit.complete", check.NeedsPrivileges),
		ready[audit.Control]("audit.control", check.NeedsPrivileges),
		ready[audit.Kept]("audit.log-kept", check.NeedsPrivileges),
		ready[audit.Private]("audit.log-private", check.NeedsPrivileges),
		ready[audit.Calls]("audit.syscalls", check.NeedsPrivileges),
		ready[audit.Watch]("audit.watch", check.NeedsPrivileges),
		ready[banner.Reveals]("banner.reveals"),
		ready[banner.Warns]("banner.warns"),
		ready[boot.Locked]("boot.locked", check.NeedsPrivileges),
		ready[boot.Parameters]("boot.parameters", check.NeedsPrivileges),
		ready[boot.SecretsPrivate]("boot.secrets-private", check.NeedsPrivileges),
		ready[clock.One]("clock.one", check.NeedsPrivileges),
		ready[clock.Sources]("clock.sources"),
		ready[confinement.Enforced]("confinement.enforced"),
		ready[confinement.On]("confinement.on", check.NeedsLive, check.NeedsPrivileges),
		ready[console.NeedsLogin]("console.needs-login", check.NeedsPrivileges),
		ready[cron.ProgramsProtected]("cron.programs-protected", check.NeedsPrivileges),
		ready[encryption.Policy]("encryption.policy"),
		ready[encryption.Swap]("encryption.swap", check.NeedsLive),
		ready[encryption.Volumes]("encryption.volumes", check.NeedsLive),
		ready[file.Below]("file.below", check.NeedsPrivileges),
		ready[file.Capabilities]("file.capabilities", check.NeedsWalk, check.NeedsPrivileges),
		ready[file.Permissions]("file.permissions"),
		ready[file.Present]("file.present"),
		ready[file.Setuid]("file.setuid", check.NeedsWalk, check.NeedsPrivileges),
		ready[file.Sticky]("file.sticky", check.NeedsWalk, check.NeedsPrivileges),
		ready[file.Unowned]("file.unowned", check.NeedsWalk, check.NeedsPrivileges),
		ready[file.WorldWritable]("file.world-writable", check.NeedsWalk, check.NeedsPrivileges),
		ready[firewall.DefaultDeny]("firewall.default-deny", check.NeedsPrivileges),
		ready[firewall.On]("firewall.on"),
		ready[firewall.One]("firewall.one"),
		ready[hostsaccess.DefaultDeny]("hostsaccess.default-deny"),
		ready[kernel.Built]("kernel.built"),
		ready[kernel.Flaws]("kernel.flaws", check.NeedsLive),
		ready[kernel.Lockdown]("kernel.lockdown", check.NeedsLive),
		ready[kernel.Settings]("kernel.settings", check.NeedsLive),
		ready[logging.Elsewhere]("logging.elsewhere"),
		ready[logging.Encrypted]("logging.encrypted"),
		ready[logging.NewFiles]("logging.new-files"),
		ready[logging.NoReception]("logging.no-reception"),
		ready[logging.Persistent]("logging.persistent"),
		ready[logging.Rotation]("logging.rotation"),
		ready[module.Blocked]("module.blocked", check.NeedsPrivileges),
		ready[mount.Options]("mount.options", check.NeedsLive),
		ready[pam.Dictionary]("pam.dictionary"),
		ready[pam.Hashing]("pam.hashing"),
		ready[pam.History]("pam.history"),
		ready[pam.Lockout]("pam.lockout"),
		ready[pam.MinimumLength]("pam.minimum-length"),
		ready[pam.OptionAbsent]("pam.option-absent"),
		ready[pam.SuRestricted]("pam.su-restricted"),
		ready[patch.Automatic]("patch.automatic"),
		ready[patch.Fresh]("patch.fresh", check.NeedsLive),
		ready[patch.NoRestart]("patch.no-restart", check.NeedsLive),
		ready[patch.Supported]("patch.supported"),
		ready[patch.SupportedWindows]("patch.supported-windows"),
		ready[registry.Value]("registry.value"),
		ready[service.Off]("service.off"),
		ready[service.On]("service.on", check.NeedsPrivileges),
		ready[service.Orphans]("service.orphans", check.NeedsPrivileges),
		ready[service.Protected]("service.protected"),
		ready[session.CoreDumpsDropped]("session.core-dumps-dropped"),
		ready[session.NoCoreDumps]("session.no-core-dumps"),
		ready[session.RootPath]("session.root-path", check.NeedsPrivileges),
		ready[session.Timeout]("session.timeout"),
		ready[session.Umask]("session.umask"),
		ready[setting.Value]("setting.value"),
		ready[software.Absent]("software.absent"),
		ready[software.Complete]("software.complete"),
		ready[software.NoHolds]("software.no-holds"),
		ready[software.NoLeftovers]("software.no-leftovers"),
		ready[software.Present]("software.present"),
		ready[software.Signed]("software.signed"),
		ready[ssh.Client]("ssh.client"),
		ready[ssh.Directive]("ssh.directive"),
		ready[ssh.HostKeys]("ssh.host-keys", check.NeedsPrivileges),
		ready[ssh.KeysProtected]("ssh.keys-protected", check.NeedsPrivileges),
		ready[ssh.StrongKeys]("ssh.keys-strong", check.NeedsPrivileges),
		ready[ssh.SecondFactor]("ssh.second-factor"),
		ready[sudo.NoExceptions]("sudo.no-exceptions", check.NeedsPrivileges),
		ready[sudo.NotForAll]("sudo.not-for-all", check.NeedsPrivileges),
		ready[sudo.PasswordsAsked]("sudo.passwords-asked", check.NeedsPrivileges),
		ready[sudo.Setting]("sudo.setting", check.NeedsPrivileges),
		ready[usb.Authorized]("usb.authorised", check.NeedsPrivileges),
		ready[winservice.Disabled]("winservice.disabled"),
	}
}

// Catalogs returns the catalogs that references of baselines are held to.
func Catalogs() []*control.Catalog {
	return []*control.Catalog{hipaa.Rule(), control.SP80053()}
}

//go:embed *.json
var files embed.FS

// Names returns the names of the baselines that come with the library, sorted.
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

// Load returns the baseline of a name.
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

// Options returns how the library's own baselines are loaded: with all kinds and
// catalogs. It serves for the baselines of others as well, with kinds of their own:
//
//	o := builtin.Options()
//	o.Kinds = append(o.Kinds, kind.New("clinic.motd", Motd.Check))
//	b, err := baseline.Load(ctx, file, "clinic.yaml", o)
func Options() baseline.LoadOptions {
	return baseline.LoadOptions{Kinds: Kinds(), Catalogs: Catalogs()}
}
