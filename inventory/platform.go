package inventory

// Platform names what a system runs. Fields are lower case; an empty one is not
// known.
type Platform struct {
	OS      string   // as GOOS has it: linux, windows, darwin, freebsd
	ID      string   // the distribution, ID of os-release(5): debian, rhel, alpine
	Like    []string // distributions it derives from, ID_LIKE, nearest first
	Version string   // VERSION_ID: 12, 9.4; on Windows 10.0.20348.2700
	Name    string   // for people, PRETTY_NAME: Debian GNU/Linux 12 (bookworm)
}
