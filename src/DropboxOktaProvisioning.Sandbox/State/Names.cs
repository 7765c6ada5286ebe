namespace DropboxOktaProvisioning.Sandbox.State;

/// <summary>A name and how it is spelled in an address.</summary>
internal readonly record struct SpelledName(string Name, string Slug)
{
    /// <summary>Reads <c>Name</c> or <c>Name=slug</c>.</summary>
    public static SpelledName Parse(string text)
    {
        var cut = text.IndexOf('=', StringComparison.Ordinal);
        return cut < 0 ? new(text, Lower(text)) : new(text[..cut], text[(cut + 1)..]);
    }

    private static string Lower(string text) => string.Create(text.Length, text, static (span, from) => from.AsSpan().ToLowerInvariant(span));
}

/// <summary>The made-up people's names. Slugs are unique within each list and hold neither dot nor digit.</summary>
internal static class Names
{
    /// <summary>Given names.</summary>
    public static readonly SpelledName[] Given = Read(
        "Ada Alan Amir Ana Anja Asta Aylin Bea Ben Bruno Cara Carl Chen Chloé=chloe Dana Dario Ditte Elif Emil Enzo Esra Eva Farid Finn Freya " +
        "Gabriel Gina Greta Hana Henrik Hugo Ida Ines Ivan Jana Jonas José=jose Juno Kai Karim Lara Lars Leila Łukasz=lukasz Mai Marta Milo " +
        "Mina Nadia Nils Noor Olga Omar Otto Pavel Pia Quentin Rafael Renée=renee Rosa Sami Sara Søren=soeren Tariq Thea Tomás=tomas Uma Vera " +
        "Viktor Wanda Xenia Yuki Zoë=zoe 明=ming Ольга=olha");

    /// <summary>Family names.</summary>
    public static readonly SpelledName[] Family = Read(
        "Abbot Adler Ahmed Alvarez Andersen Baker Barros Becker Berg Bianchi Brandt Castro Chandra Cohen Conti Costa D'Angelo Dahl Diaz Doyle " +
        "Duarte Eklund Engel Farrow Ferrari Fischer Fuchs Gallo García=garcia Graf Gruber Haas Hansen Hartley Hoffman Holm Ibarra Ito Jansen " +
        "Jensen Kaur Keller Khan Kim Klein Kovač=kovac Kraus Lang Larsen Lee Lindqvist Lopes Marino Mayer Meyer Moreau Moreno " +
        "Müller=mueller Nagy Nakamura Navarro Nguyễn=nguyen Novak O'Brien O'Neill Okafor Olsen Ortega Patel Petrov Popescu " +
        "Quist Rahman Reyes Ricci Romano Rossi Sato Schmid Silva Singh Smythe Sørensen=soerensen Suzuki Tanaka Torres Ueda Vargas Vogel " +
        "Weber Winter Wójcik=wojcik Xu Yamada Yılmaz=yilmaz Young Zhang Zimmer 李=li");

    private static SpelledName[] Read(string text) => [.. text.Split(' ').Select(SpelledName.Parse)];
}
