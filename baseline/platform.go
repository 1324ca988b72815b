package baseline

// systems are the operating systems that inventory.Platform.OS can be, spelled as in GOOS.
var systems = []string{"darwin", "freebsd", "linux", "windows"}

// distributions are the values of ID in os-release(5) of public Linux distributions, as of November
// 2026. The list serves to detect misspellings; it does not mean that a distribution is supported.
// Source: the os-release files in the packages of the distributions (base-files, *-release).
var distributions = []string{
	"almalinux", "alpine", "altlinux", "amzn", "arch", "archarm", "artix", "astra", "azurelinux",
	"bottlerocket", "buildroot", "centos", "chainguard", "chimera", "cirros", "clear-linux-os", "coreos",
	"cos", "debian", "deepin", "devuan", "elementary", "endeavouros", "eurolinux", "fedora", "flatcar",
	"gentoo", "guix", "kali", "linux", "linuxmint", "mageia", "manjaro", "mariner", "miraclelinux",
	"neon", "nixos", "nobara", "ol", "opencloudos", "openeuler", "openmandriva", "opensuse",
	"opensuse-leap", "opensuse-microos", "opensuse-tumbleweed", "openwrt", "parrot", "photon", "poky",
	"pop", "postmarketos", "qubes", "raspbian", "rhel", "rocky", "rosa", "sl-micro", "slackware",
	"sle-micro", "sle_hpc", "sled", "sles", "sles_sap", "solus", "steamos", "talos", "trisquel",
	"ubuntu", "ubuntu-core", "virtuozzo", "void", "wolfi", "wrlinux", "xcp-ng", "xenenterprise", "zorin",
}
