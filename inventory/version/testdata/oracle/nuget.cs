// Asks NuGet.Versioning. Each line has two texts in hexadecimal: with "order" two versions, and the
// answer is one of < = >; else a range and a version, i for in and o for out. It is ! if one
// of the two is refused. Build: mcs -r:NuGet.Versioning.dll nuget.cs
using System;
using System.Text;
using NuGet.Versioning;

static class Ask
{
    static string Text(string hex)
    {
        var bytes = new byte[hex.Length / 2];
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = Convert.ToByte(hex.Substring(2 * i, 2), 16);
        return Encoding.UTF8.GetString(bytes);
    }

    static char Order(string a, string b)
    {
        NuGetVersion x, y;
        if (!NuGetVersion.TryParse(a, out x) || !NuGetVersion.TryParse(b, out y))
            return '!';
        return "<=>"[Math.Sign(x.CompareTo(y)) + 1];
    }

    static char Contains(string a, string b)
    {
        VersionRange range;
        NuGetVersion v;
        if (!VersionRange.TryParse(a, out range) || !NuGetVersion.TryParse(b, out v))
            return '!';
        return range.Satisfies(v) ? 'i' : 'o';
    }

    static void Main(string[] args)
    {
        string line;
        while ((line = Console.In.ReadLine()) != null)
        {
            var texts = line.Split(' ');
            Console.WriteLine(args[0] == "order" ? Order(Text(texts[0]), Text(texts[1])) : Contains(Text(texts[0]), Text(texts[1])));
        }
    }
}
