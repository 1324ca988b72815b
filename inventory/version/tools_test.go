package version_test

// tools are the native programs that make the tables.
var tools = []tool{
	alpmTool,
	apkTool,
	debTool,
	opkgTool,
	rpmTool,
}
