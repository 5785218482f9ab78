import { Card, CardContent, CardDescription, CardHeader, CardTitle } from "../ui/card";

/** Where Stripe is not set up. */
export function NoPayments() {
  return (
    <Card>
      <CardHeader>
        <CardTitle>Credits are not sold here</CardTitle>
        <CardDescription>Payments are not set up on this server.</CardDescription>
      </CardHeader>
      <CardContent className="text-sm text-pretty text-muted-foreground">
        Whoever runs it can give you credits, or a code to redeem. Everything else works as it does elsewhere.
      </CardContent>
    </Card>
  );
}
