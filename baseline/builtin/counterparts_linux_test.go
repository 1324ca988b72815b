package builtin_test

const openscapHeader = `# Beside OpenSCAP

What the rules of linux-server say of six Debian trees, beside what OpenSCAP 1.3.7 says of the
rules on the same subject in ComplianceAsCode 0.1.65 (ssg-debian11-ds.xml, profile "(all)",
OSCAP_PROBE_ROOT, without the stream's own statement that it applies to Debian 11 only). The trees are bookworm, bullseye and trixie as debootstrap makes them
with the packages that .ci/trees names, and "-hardened" with some more packages and after the bash fixes
of that stream were run inside. The stream is written for Debian 11; its files and packages are the
same on the other two where nothing else is said.

A verdict stands once where both agree. The test TestAgainstOpenSCAP of baseline/builtin writes
this table and fails when it is no longer true.

`

// counterpart is a rule of ours and one of the stream on the same subject. Why is the
// reason of the differences, empty where there are none.
type counterpart struct{ ours, theirs, why string }

var counterparts = []counterpart{
	{"linux.account.no-empty-password", "no_empty_passwords_etc_shadow", ""},
	{"linux.account.root-is-the-only-superuser", "accounts_no_uid_except_zero", ""},
	{"linux.kernel.links-protected", "sysctl_fs_protected_symlinks", "No file of trixie sets the key, so its kernel decides, which a tree does not tell; there a line that is missing counts as a breach."},
	{"linux.ssh.no-empty-passwords", "sshd_disable_empty_passwords", "Nothing sets the directive, and the default of the server is no; there only a line in the file passes."},
	{"linux.ssh.root-login-off", "sshd_disable_root_login", "The server's default lets root in with keys only, which the rule here accepts; there only a line with no passes."},
}
